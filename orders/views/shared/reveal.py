"""The form on a page that asks why personal data is to be shown, and is good for one time.

Loading a revealed page again sends its form again. Django masks the form's token anew for each page, so a
form that comes twice as it was is such a repetition. What is remembered of it is a digest, in the session.
"""

from django import forms
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from orders.domain.results import OrderDetails
from orders.views.shared.requests import PortalRequest

# As it stands in the ledger, which knows no languages.
NO_REASON = gettext_noop("none given")
_SENT = "reveals-sent"  # in the session
_MOST_REMEMBERED = 100


class RevealForm(forms.Form):
    reason = forms.CharField(
        min_length=3,
        max_length=200,
        strip=True,
        label=_("Why do you need it?"),
        error_messages={
            "required": _("Say why: a ticket number, or a few words."),
            "min_length": _("Say why in at least 3 characters: a ticket number, or a few words."),
            "max_length": _("Say why in at most 200 characters."),
        },
    )


def was_sent_before(request: PortalRequest) -> bool:
    """Whether this very form has revealed something already."""
    return _digest(request) in request.session.get(_SENT, ())


def note_sent(request: PortalRequest) -> None:
    """Remember that the form has done what it was for. Scripts that send no token repeat at their will."""
    digest = _digest(request)
    if digest:
        request.session[_SENT] = [*request.session.get(_SENT, ()), digest][-_MOST_REMEMBERED:]


def _digest(request: PortalRequest) -> str:
    token = request.POST.get("csrfmiddlewaretoken", "")
    sent = "\0".join((request.path, token, request.POST.get("reason", "")))
    return salted_hmac("orders.views.shared.reveal", sent, algorithm="sha256").hexdigest() if token else ""


def has_people(details: OrderDetails) -> bool:
    """Whether the order carries anything about a person; Adobe's do not."""
    order = details.order
    return any((order.customer, order.ship_to, order.bill_to, order.payment))
