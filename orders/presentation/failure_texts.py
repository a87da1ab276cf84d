"""What we say when an upstream doesn't answer as it should: what failed, what still holds, what to do."""

from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from orders.presentation.texts.phrases import Text


class Words(NamedTuple):
    """`%(label)s` stands for the upstream's name. `say` can be read out to a customer on the line."""

    title: Text
    text: Text
    say: Text = ""

    def title_for(self, label: str) -> str:
        return str(self.title) % {"label": label}

    def text_for(self, label: str) -> str:
        return str(self.text) % {"label": label}


FAILURES: dict[str, Words] = {
    "bad-request": Words(
        _("%(label)s did not accept this request"),
        _("Nothing was changed. Correct the filter it names, or clear it, and try again."),
    ),
    "bad-request-id": Words(
        _("%(label)s did not accept this request"),
        _(
            "Nothing was changed. No filter was sent, so it is the ID that it refuses: check it for a "
            "missing or swapped character, and whether it belongs to another upstream."
        ),
    ),
    "out-of-range": Words(
        _("This page lies behind the last one"),
        _("There are fewer orders now than this address expects. Your filters are kept."),
    ),
    "credentials": Words(
        _("%(label)s refuses this portal's connection"),
        _(
            "It is not about you or this customer: the portal's own key or token was refused. "
            "Please tell your administrator; trying again will not help until it is mended."
        ),
        _("I can't reach the order system with our connection just now; we are on it."),
    ),
    "not-found-customer": Words(
        _("%(label)s knows no such customer"),
        _("Check the ID for a missing or swapped character, and whether it belongs to another upstream."),
    ),
    "not-found-reseller": Words(
        _("%(label)s lists no customers of this reseller"),
        _("Check the reseller’s ID. Only those who may see everybody’s customers may ask for such a list."),
    ),
    "not-found-order": Words(
        _("%(label)s knows no such order of this customer"),
        _(
            "Check the order ID, and whether the order belongs to another customer. "
            "The upstream does not say which of the two it is."
        ),
    ),
    "not-in-list": Words(
        _("%(label)s does not list this order for this customer"),
        _(
            "All orders of the customer were read, and this one is not among them: it is not this "
            "customer's. Check the order ID, or look for the customer it belongs to."
        ),
        _("That order is not one of yours; may I have its number once more?"),
    ),
    "not-in-part-of-list": Words(
        _("%(label)s sent only part of this customer's orders"),
        _(
            "This order is not in the part that could be read. It may be in the rest, belong to another "
            "customer, or not exist: nobody can tell from here."
        ),
    ),
    "not-found-yours": Words(
        _("You have no such customer at %(label)s"),
        _(
            "Check the ID for a missing or swapped character. Either %(label)s knows no such customer, or it "
            "belongs to an account that you don't manage: the portal does not say which of the two it is. "
            "An administrator can assign accounts."
        ),
    ),
    "rate-limited": Words(
        _("%(label)s asks us to slow down"),
        _("Too many requests are under way. Nothing was changed; your filters are kept."),
        _("The order system is busy; I can look again in a moment."),
    ),
    "busy": Words(
        _("Too many questions to %(label)s are under way"),
        _("So this one was not asked. Nothing was changed; your filters are kept, and trying again helps."),
        _("The order system is busy; I can look again in a moment."),
    ),
    "unavailable": Words(
        _("%(label)s is not available"),
        _(
            "It failed or dropped the connection. Nothing was changed; your filters are kept, and the "
            "other system is not affected."
        ),
        _("The order system is not answering at the moment; your orders are not affected by that."),
    ),
    "open": Words(
        _("%(label)s has been failing, so we stopped asking for a moment"),
        _("Nothing was changed; your filters are kept, and the other system is not affected."),
        _("The order system is not answering at the moment; your orders are not affected by that."),
    ),
    "timeout": Words(
        _("%(label)s did not answer in time"),
        _("Nothing was changed; your filters are kept. Trying again continues the same request."),
        _("The order system is slow to answer; let me try once more."),
    ),
    "bad-answer": Words(
        _("%(label)s's answer could not be read"),
        _("An answer came, but not one that can be trusted, so none of it is shown."),
    ),
    "wrong-address": Words(
        _("What answered is not %(label)s"),
        _(
            "A web server or a gateway refused the request in its place, so nothing is known of this "
            "customer. The base address in this portal's settings may be wrong: please tell your "
            "administrator."
        ),
        _("I can't reach the order system with our connection just now; we are on it."),
    ),
    "foreign-answer": Words(
        _("%(label)s sent the answer to another question"),
        _(
            "It was not about what you asked for, so none of it is shown. Try again; if it stays like this, "
            "please tell your administrator: something between us and %(label)s mixes up answers."
        ),
        _("The order system sent me something else; let me ask once more."),
    ),
    "our-fault": Words(
        _("%(label)s did not accept this portal's request"),
        _(
            "The fault is the portal's, not yours and not the customer's: it is in the log for your "
            "administrator. Nothing was changed; try again, with new identifiers."
        ),
        _("The order system did not take my question; let me ask once more."),
    ),
    "proxy": Words(
        _("%(label)s could not be reached through the proxy"),
        _(
            "A proxy between this portal and %(label)s wants credentials of its own (HTTP 407). Nothing was "
            "changed; please tell your administrator."
        ),
        _("I can't reach the order system with our connection just now; we are on it."),
    ),
    "not-this-partner": Words(
        _("%(label)s does not let us see this customer"),
        _(
            "It knows the ID, as a customer of another partner. Nothing is wrong with this portal's key. "
            "Check the ID; a customer who moved to another partner looks like this."
        ),
    ),
    "not-configured": Words(
        _("%(label)s is not configured"),
        _(
            "This portal has no credentials for it. An administrator can set them; the other upstream "
            "works without."
        ),
    ),
}
