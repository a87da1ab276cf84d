"""Adobe's codes in our words.

Codes: https://developer.adobe.com/vipmp/docs/references/status-codes/ and …/references/resources/
"""

from functools import lru_cache

from orders.domain import terms
from orders.domain.terms import Term, vocabulary
from orders.domain.translatable import gettext_noop as _

# Accounts use some of these numbers in another sense (1022): this is for orders and their lines.
STATUSES = vocabulary(
    Term("1000", _("Completed"), "good", _("It went through.")),
    Term("1002", _("Processing"), "busy", _("Adobe is still working on it, which mostly takes minutes.")),
    Term("1004", _("Failed"), "bad", _("Adobe gives no closer reason.")),
    Term("1008", _("Cancelled"), "off", _("It was returned. An order is cancelled once all its lines are.")),
    Term("1009", _("Scheduled"), "wait", _("It is set up and starts on a later date.")),
    Term("1010", _("Failed: invalid address"), "bad", _("Adobe does not accept the account's address.")),
    Term("1012", _("Failed: account blocked"), "bad", _("Adobe has blocked the account.")),
    Term("1014", _("Failed: duplicate account"), "bad", _("Adobe already has an account like this one.")),
    Term("1020", _("Failed: distributor inactive"), "bad", _("The distributor's account is not active.")),
    Term("1022", _("Failed: reseller inactive"), "bad", _("The reseller's account is not active.")),
    Term("1024", _("Failed: customer inactive"), "bad", _("The customer's account is not active.")),
    Term("1026", _("Failed: customer ID invalid"), "bad", _("Adobe does not know this customer ID.")),
)

ORDER_TYPES = vocabulary(
    Term("NEW", _("New"), meaning=_("A purchase, or seats added in the current term.")),
    Term("RENEWAL", _("Renewal"), meaning=_("Subscriptions continued for another term.")),
    Term("RETURN", _("Return"), meaning=_("Seats of an earlier order given back, in part or in full.")),
    Term("TRANSFER", _("Transfer"), meaning=_("A membership moved from VIP to VIP Marketplace.")),
    Term("SWITCH", _("Switch"), meaning=_("Seats moved to another product in the middle of the term.")),
    Term("REVERT_SWITCH", _("Switch undone"), meaning=_("An earlier switch taken back.")),
    Term("PREVIEW", _("Preview"), meaning=_("A calculation. Nothing was ordered.")),
    Term("PREVIEW_RENEWAL", _("Renewal preview"), meaning=_("A calculation. Nothing was renewed.")),
    Term("PREVIEW_SWITCH", _("Switch preview"), meaning=_("A calculation. Nothing was switched.")),
    Term("PREVIEW_REVERT_SWITCH", _("Undo preview"), meaning=_("A calculation. Nothing was undone.")),
)

# Only purchases and renewals can be returned, and that is what cancels them.
RETURNABLE = frozenset({"NEW", "RENEWAL", ""})

PROMOTION_RESULTS = vocabulary(
    Term("SUCCESS", _("Applied"), "good", _("The promotion was applied.")),
    Term("FAILURE", _("Refused"), "bad", _("The promotion was not applied.")),
)

# https://developer.adobe.com/vipmp/docs/order-management/order-scenarios/ ("Pricing details in lineitems")
# and …/docs/deal-registration/. Credits are reported beside the prices and are in none of them.
PRICES = vocabulary(
    Term(
        "partnerPrice",
        _("Partner price"),
        meaning=_("One unit for the full term, with volume discounts, before flexible discounts and tax."),
    ),
    Term(
        "discountedPartnerPrice",
        _("Discounted"),
        meaning=_("One unit for the full term, after the discount."),
    ),
    Term("netPartnerPrice", _("Prorated"), meaning=_("One unit for the days invoiced, after the discount.")),
    Term(
        "proratedPartnerPrice",
        _("Prorated"),
        meaning=_("One unit for the days invoiced, after the discount."),
    ),
    Term(
        "lineItemPartnerPrice",
        _("Line"),
        meaning=_("What the line costs the partner for the days invoiced, after the discount, before tax."),
    ),
    Term(
        "lineItemPrice",
        _("Line"),
        meaning=_("What the line costs the partner for the days invoiced, after the discount, before tax."),
    ),
    Term("totalLineItemPartnerPrice", _("Order"), meaning=_("The prices of all lines added up, before tax.")),
    Term("totalLineItemPrice", _("Order"), meaning=_("The prices of all lines added up, before tax.")),
    Term(
        "earnedDealRegPerUnit",
        _("Deal registration credit, a unit"),
        "credit",
        _("A credit for one unit, beside its price and not taken off it."),
    ),
    Term(
        "earnedDealRegAmount",
        _("Deal registration credit"),
        "credit",
        _("The credit for the line, beside its price and not taken off it."),
    ),
    Term(
        "totalEarnedDealRegAmount",
        _("Deal registration credit"),
        "credit",
        _("The credits of all lines added up. It is no part of the order's price."),
    ),
)


@lru_cache(maxsize=512)
def status(code: str) -> Term:
    return terms.read(STATUSES, code)


@lru_cache(maxsize=512)
def order_type(code: str) -> Term:
    return terms.read(ORDER_TYPES, code)


@lru_cache(maxsize=512)
def promotion_result(code: str) -> Term:
    return terms.read(PROMOTION_RESULTS, code)
