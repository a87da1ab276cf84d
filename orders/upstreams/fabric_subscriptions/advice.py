"""What to tell the customer, for fabric: each status, each kind of retry, each error code of an order."""

from orders.domain.advice import DOCUMENTED, OBSERVED, OURS, OWN_READING, Shipped
from orders.domain.translatable import gettext_noop as _

_API = _("fabric, Subscriptions API")
_RECORDED = _("recorded answers of a tenant that was not in production")

_STATUSES = {
    "fabric.status.SCHEDULED": Shipped(
        _("Nothing is to be done. It is placed by itself on its date; until then it can be changed."),
        OBSERVED,
        _RECORDED,
    ),
    "fabric.status.SUBMITTED": Shipped(
        _("Ask the customer to wait. The order is being placed; look again in a few minutes."),
        OBSERVED,
        _RECORDED,
    ),
    "fabric.status.SUCCESS": Shipped(
        _("The shop accepted the order, and there is nothing more to do here."), OBSERVED, _RECORDED
    ),
    "fabric.status.RETRY": Shipped(
        _(
            "An attempt failed and another one is planned. "
            "fabric does not say whether the customer can do anything; look again after it."
        ),
        OBSERVED,
        _RECORDED,
    ),
    "fabric.status.FAILED": Shipped(
        _("It failed for good, and the subscription is switched off with it. It has to be started again."),
        OBSERVED,
        _RECORDED,
    ),
    "fabric.status.CANCELED": Shipped(
        _(
            "It will not be placed. fabric gives no reason; mostly the subscription was ended. "
            "Ask whether the customer wanted that."
        ),
        OBSERVED,
        _RECORDED,
    ),
    "fabric.status.SKIPPED": Shipped(
        _("It was left out on request, and a new order follows one cycle later."), OBSERVED, _RECORDED
    ),
    "fabric.status.unknown": Shipped(
        _(
            "Promise nothing. fabric sent a status that the portal does not know; "
            "pass the order on with the text for fabric's support."
        ),
        OURS,
        OWN_READING,
    ),
    "fabric.status.none": Shipped(
        _("Promise nothing. fabric sent the order without a status; look again later."),
        OURS,
        OWN_READING,
    ),
    "fabric.status.SCHEDULED.error": Shipped(
        _(
            "An error is recorded on it, and fabric does not say whether it still matters. "
            "Check card and address with the customer before the order's date."
        ),
        OBSERVED,
        _("fabric's own sample"),
    ),
    "fabric.deleted.SUBMITTED": Shipped(
        _(
            "Promise nothing. It was deleted while it was being placed; "
            "pass the order on with the text for fabric's support."
        ),
        OURS,
        OWN_READING,
    ),
    "fabric.deleted": Shipped(
        _("It was deleted and will not be placed. fabric does not say by whom; ask the customer."),
        DOCUMENTED,
        _API,
    ),
}

# By why it is tried again, and whether another attempt follows, is late, or never comes.
_RETRIES = {
    "fabric.retry.now": Shipped(
        _("Nothing yet. The order is being tried again; look again in a few minutes."), OBSERVED, _RECORDED
    ),
    "fabric.retry.payment.pending": Shipped(
        _("Ask the customer to update the card before the next attempt."), OURS, OWN_READING
    ),
    "fabric.retry.payment.overdue": Shipped(
        _(
            "Ask the customer to update the card. The next attempt is overdue; "
            "if it is still not made tomorrow, pass the order on with the text for fabric's support."
        ),
        OURS,
        OWN_READING,
    ),
    "fabric.retry.payment.over": Shipped(
        _("Ask the customer to update the card. This order will not be tried again."), OURS, OWN_READING
    ),
    "fabric.retry.inventory.pending": Shipped(
        _("The item is not in stock. The customer need not do anything."), OBSERVED, _RECORDED
    ),
    "fabric.retry.inventory.overdue": Shipped(
        _(
            "The item was not in stock, and the next attempt is overdue. The customer can't fix this; "
            "pass the order on with the text for fabric's support."
        ),
        OURS,
        OWN_READING,
    ),
    "fabric.retry.inventory.over": Shipped(
        _("The item was not in stock, and there is nothing the customer can do about it."),
        OBSERVED,
        _RECORDED,
    ),
    "fabric.retry.other.pending": Shipped(
        _("The customer can't fix this. Pass the order on with the text for fabric's support."),
        OURS,
        OWN_READING,
    ),
    "fabric.retry.other.overdue": Shipped(
        _(
            "The customer can't fix this, and it is overdue. "
            "Pass the order on with the text for fabric's support."
        ),
        OURS,
        OWN_READING,
    ),
    "fabric.retry.other.over": Shipped(
        _(
            "The customer can't fix this, and this order will not be tried again. "
            "Pass it on with the text for fabric's support."
        ),
        OURS,
        OWN_READING,
    ),
    "fabric.retry.unknown.overdue": Shipped(
        _("It is overdue, and fabric gives no reason. Pass it on with the text for fabric's support."),
        OURS,
        OWN_READING,
    ),
    "fabric.retry.unknown.over": Shipped(
        _("This order will not be tried again. Pass it on with the text for fabric's support."),
        OURS,
        OWN_READING,
    ),
    "fabric.card-expired": Shipped(_("The card on file has expired."), DOCUMENTED, _API),
}

# The same code comes with several outcomes and wordings, so none of these says what happens next.
_ERRORS = {
    "fabric.error.20": Shipped(
        _("The shop could not put the order together. fabric does not say what was missing."),
        OBSERVED,
        _RECORDED,
    ),
    "fabric.error.110": Shipped(
        _("The shop did not accept how the order was to be paid, or the amount."), OBSERVED, _RECORDED
    ),
    "fabric.error.123": Shipped(_("Too little was in stock."), OBSERVED, _RECORDED),
    "fabric.error.130": Shipped(
        _("The shop did not accept the billing address. Check it with the customer."), OBSERVED, _RECORDED
    ),
    "fabric.error.140": Shipped(
        _("The payment was declined. Why, only the customer's bank can say."), OBSERVED, _RECORDED
    ),
    "fabric.error.170": Shipped(
        _("The shop found no card of the customer's that it could charge."), OBSERVED, _RECORDED
    ),
    "fabric.error.321": Shipped(_("The item was sold out."), OBSERVED, _RECORDED),
    "fabric.error.999": Shipped(
        _("The shop's system failed, and this code gives no closer reason."), OBSERVED, _RECORDED
    ),
}

ORDERS = {**_STATUSES, **_RETRIES, **_ERRORS}
