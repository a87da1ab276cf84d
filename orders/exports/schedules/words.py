"""Why a run failed, in words."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from orders.presentation.failure_texts import FAILURES

_OURS = {
    "refused": _("You may not do this any more."),
    "factor": _("You may do this with a second factor only; set one up."),
    "not-yours": _("The customer is not yours any more, or there is none."),
    "nobody": _("None of these accounts is yours and has a customer there."),
    "limit": _("You had come to a limit of yours."),
    "bad-request": _("What it asks for can't be asked for any more."),
    "gone": _("Its file was deleted before it was done."),
    "not-delivered": _("Its file is made, and could not be put where files are delivered."),
    "internal": _("Something went wrong on our side; it is in the log."),
}


def cause_words(cause: str) -> str:
    """A sentence, for an upstream's failure and for ours."""
    if cause in _OURS:
        return str(_OURS[cause])
    words = FAILURES.get(cause) or FAILURES.get(f"{cause}-customer")
    if words is None:
        return gettext("It could not be done (%(cause)s).") % {"cause": cause}
    return gettext("%(title)s.") % {"title": words.title_for(gettext("The upstream"))}
