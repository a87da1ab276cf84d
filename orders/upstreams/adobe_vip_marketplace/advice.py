"""What to tell the customer, for Adobe: each status, lines that disagree, promotions, each error of a GET."""

from orders.domain.advice import DOCUMENTED, OBSERVED, OURS, OWN_READING, Shipped
from orders.domain.translatable import gettext_noop as _

_STATUS_CODES = _("Adobe, references/status-codes")
_ERRORS = _("Adobe, references/error-handling")
_RESOURCES = _("Adobe, references/resources")
_IDEMPOTENCY = _("Adobe, references/idempotency")
_DISCOUNTS = _("Adobe, flex-discounts/apis")

_STATUSES = {
    "adobe.status.1000": Shipped(
        _("The order is complete, and there is nothing more to do."), DOCUMENTED, _STATUS_CODES
    ),
    "adobe.status.1002": Shipped(
        _(
            "Ask the customer to wait. Adobe is still working on it, which mostly takes minutes. "
            "If it has not changed by tomorrow, pass it on with the text for Adobe's support."
        ),
        DOCUMENTED,
        _("Adobe, mid-term/faq"),
    ),
    "adobe.status.1004": Shipped(
        _(
            "Tell the customer that the order failed and that Adobe gives no reason. "
            "Pass it on with the text for Adobe's support before it is ordered again."
        ),
        DOCUMENTED,
        _STATUS_CODES,
    ),
    "adobe.status.1008": Shipped(
        _(
            "The order was returned, and an order is cancelled once all its lines are. "
            "Ask whether the customer wanted that; a purchase can be made again as a new order."
        ),
        DOCUMENTED,
        _STATUS_CODES,
    ),
    "adobe.cancelled": Shipped(
        _(
            "It was cancelled, and Adobe gives no reason. Ask whether the customer wanted that; "
            "else pass it on with the text for Adobe's support."
        ),
        OURS,
        OWN_READING,
    ),
    "adobe.status.1009": Shipped(
        _("Nothing is to be done now. It is set up and starts by itself on a later date."),
        DOCUMENTED,
        _STATUS_CODES,
    ),
    "adobe.status.1010": Shipped(
        _("Ask the customer for the right address. The account has to be mended before it is ordered again."),
        OBSERVED,
        _RESOURCES,
    ),
    "adobe.status.1012": Shipped(
        _("The customer can't fix this. Adobe has blocked the account and does not say why; ask Adobe."),
        DOCUMENTED,
        _RESOURCES,
    ),
    "adobe.status.1014": Shipped(
        _("Find out under which ID Adobe knows this customer already, and order for that one."),
        DOCUMENTED,
        _RESOURCES,
    ),
    "adobe.status.1020": Shipped(
        _(
            "The customer can't fix this. The distributor's account at Adobe is not active; "
            "the distributor has to clear that with Adobe."
        ),
        DOCUMENTED,
        _STATUS_CODES,
    ),
    "adobe.status.1022": Shipped(
        _(
            "The customer can't fix this. The reseller's account at Adobe is not active; "
            "the reseller has to clear that before anything can be ordered."
        ),
        DOCUMENTED,
        _STATUS_CODES,
    ),
    "adobe.status.1024": Shipped(
        _(
            "Tell the customer that their account at Adobe is not active, and that Adobe does not say why. "
            "It has to be made active again before anything can be ordered."
        ),
        DOCUMENTED,
        _STATUS_CODES,
    ),
    "adobe.status.1026": Shipped(
        _(
            "Check which customer ID the order was placed for. Adobe does not know it; "
            "it may be mistyped, or the customer may have moved to another partner."
        ),
        DOCUMENTED,
        _STATUS_CODES,
    ),
    "adobe.status.unknown": Shipped(
        _(
            "Promise nothing. Adobe sent a status that the portal does not know; "
            "pass the order on with the text for Adobe's support."
        ),
        OURS,
        OWN_READING,
    ),
    "adobe.status.none": Shipped(
        _("Promise nothing. Adobe sent the order without a status; look again later."),
        OURS,
        OWN_READING,
    ),
    "adobe.preview": Shipped(
        _("There is no order yet. Adobe only worked out what one would cost."), DOCUMENTED, _RESOURCES
    ),
}

# Instead of the status's own, where lines are in another state than the order.
_LINES = {
    "adobe.lines.good": Shipped(
        _("Lines of the order are complete already. The table of lines shows which."), OURS, OWN_READING
    ),
    "adobe.lines.busy": Shipped(
        _(
            "Don't call the order done. Adobe is still working on lines of it, which mostly takes minutes. "
            "Look again before promising anything."
        ),
        DOCUMENTED,
        _("Adobe, order-management/get-order"),
    ),
    "adobe.lines.bad": Shipped(
        _(
            "Tell the customer which part of the order failed; the table of lines shows it. "
            "Pass it on with the text for Adobe's support before it is ordered again."
        ),
        OURS,
        OWN_READING,
    ),
    "adobe.lines.off": Shipped(
        _("Lines of the order were returned. The table of lines shows which."),
        DOCUMENTED,
        _STATUS_CODES,
    ),
    "adobe.lines.wait": Shipped(
        _("Lines of the order start on a later date. Nothing is to be done now."), DOCUMENTED, _STATUS_CODES
    ),
    "adobe.lines.unknown": Shipped(
        _("Promise nothing for the lines whose status the portal does not know."), OURS, OWN_READING
    ),
}

_PROMOTIONS = {
    "adobe.promotion.SUCCESS": Shipped(
        _("A promotion was applied, as Adobe confirms."),
        DOCUMENTED,
        _DISCOUNTS,
    ),
    "adobe.promotion.FAILURE": Shipped(
        _(
            "A promotion was not applied, and Adobe gives no reason. "
            "Check its code, its dates and whether the product takes part."
        ),
        OBSERVED,
        _("an integrator's recorded answers"),
    ),
    "adobe.promotion.none": Shipped(
        _("Adobe does not say what became of a promotion. Don't promise the discount."),
        OURS,
        OWN_READING,
    ),
}

REFUSALS = {
    "adobe.error.1116": Shipped(
        _(
            "Ask the customer to read out their customer ID again. Adobe knows none like this one; "
            "a customer who moved to another partner looks the same."
        ),
        DOCUMENTED,
        _ERRORS,
    ),
    "adobe.error.2115": Shipped(
        _(
            "Ask the customer to read out both IDs again. Adobe knows no such customer, "
            "or no such order of theirs, and does not say which of the two."
        ),
        DOCUMENTED,
        _ERRORS,
    ),
    "adobe.error.1121": Shipped(
        _("Nothing is wrong with the customer's orders. The portal sent Adobe a field too many."),
        DOCUMENTED,
        _ERRORS,
    ),
    "adobe.error.1124": Shipped(
        _("Adobe failed inside and gives no reason. The customer's orders are not affected; try again."),
        DOCUMENTED,
        _ERRORS,
    ),
    "adobe.error.1132": Shipped(
        _("Nothing is wrong with the customer's orders. Adobe did not accept one of the filters."),
        DOCUMENTED,
        _ERRORS,
    ),
    "adobe.error.1133": Shipped(
        _("Nothing is wrong with the customer's orders. There are fewer of them than this page expects."),
        DOCUMENTED,
        _ERRORS,
    ),
    "adobe.error.4115": Shipped(
        _("We can't reach the order system with our key just now. Call the customer back."),
        DOCUMENTED,
        _ERRORS,
    ),
    "adobe.error.4116": Shipped(
        _("We can't reach the order system with our token just now. Call the customer back."),
        DOCUMENTED,
        _ERRORS,
    ),
    "adobe.error.4117": Shipped(
        _("We can't reach the order system, because our token was not sent. Call the customer back."),
        DOCUMENTED,
        _ERRORS,
    ),
    "adobe.error.4118": Shipped(
        _("The order system is busy. Ask the customer for a moment, and look again."), DOCUMENTED, _ERRORS
    ),
    "adobe.error.4119": Shipped(
        _("A fault of the portal's, not of the customer's order. Look again."), DOCUMENTED, _IDEMPOTENCY
    ),
    "adobe.error.4120": Shipped(
        _("A fault of the portal's, not of the customer's order. Look once more."), DOCUMENTED, _IDEMPOTENCY
    ),
    "adobe.error.4121": Shipped(
        _(
            "Adobe does not let us see this customer. They may belong to another partner; "
            "ask who sold them their last licences."
        ),
        DOCUMENTED,
        _ERRORS,
    ),
    "adobe.error.5136": Shipped(
        _("Nothing is wrong with the customer's orders. Adobe makes no recommendations for this country."),
        DOCUMENTED,
        _ERRORS,
    ),
    "adobe.error.5137": Shipped(
        _("Nothing is wrong with the customer's orders. Adobe makes no recommendations in this language."),
        DOCUMENTED,
        _ERRORS,
    ),
}

ORDERS = {**_STATUSES, **_LINES, **_PROMOTIONS}
