"""Adobe's codes in our words.

Codes: https://developer.adobe.com/vipmp/docs/references/status-codes/ and …/references/resources/
"""

from functools import lru_cache

from orders.domain import terms
from orders.domain.terms import Term, vocabulary

# Accounts use some of these numbers in another sense (1022): this is for orders and their lines.
STATUSES = vocabulary(
    Term("1000", "Completed", "good", "It went through."),
    Term("1002", "Processing", "busy", "Adobe is still working on it, which mostly takes minutes."),
    Term("1004", "Failed", "bad", "Adobe gives no closer reason."),
    Term("1008", "Cancelled", "off", "It was returned. An order is cancelled once all its lines are."),
    Term("1009", "Scheduled", "wait", "It is set up and starts on a later date."),
    Term("1010", "Failed: invalid address", "bad", "Adobe does not accept the account's address."),
    Term("1012", "Failed: account blocked", "bad", "Adobe has blocked the account."),
    Term("1014", "Failed: duplicate account", "bad", "Adobe already has an account like this one."),
    Term("1020", "Failed: distributor inactive", "bad", "The distributor's account is not active."),
    Term("1022", "Failed: reseller inactive", "bad", "The reseller's account is not active."),
    Term("1024", "Failed: customer inactive", "bad", "The customer's account is not active."),
    Term("1026", "Failed: customer ID invalid", "bad", "Adobe does not know this customer ID."),
)

ORDER_TYPES = vocabulary(
    Term("NEW", "New", meaning="A purchase, or seats added in the current term."),
    Term("RENEWAL", "Renewal", meaning="Subscriptions continued for another term."),
    Term("RETURN", "Return", meaning="Seats of an earlier order given back, in part or in full."),
    Term("TRANSFER", "Transfer", meaning="A membership moved from VIP to VIP Marketplace."),
    Term("SWITCH", "Switch", meaning="Seats moved to another product in the middle of the term."),
    Term("REVERT_SWITCH", "Switch undone", meaning="An earlier switch taken back."),
    Term("PREVIEW", "Preview", meaning="A calculation. Nothing was ordered."),
    Term("PREVIEW_RENEWAL", "Renewal preview", meaning="A calculation. Nothing was renewed."),
    Term("PREVIEW_SWITCH", "Switch preview", meaning="A calculation. Nothing was switched."),
    Term("PREVIEW_REVERT_SWITCH", "Undo preview", meaning="A calculation. Nothing was undone."),
)

PROMOTION_RESULTS = vocabulary(
    Term("SUCCESS", "Applied", "good", "The promotion was applied."),
    Term("FAILURE", "Refused", "bad", "The promotion was not applied."),
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
