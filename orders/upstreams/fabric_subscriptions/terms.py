"""fabric's codes in our words. Drafts of the API used other cases, so case makes no difference."""

from functools import lru_cache

from orders.domain.terms import NOTHING, Term, Vocabulary, plain_code, vocabulary
from orders.domain.translatable import gettext_noop as _

STATUSES = vocabulary(
    Term("SCHEDULED", _("Scheduled"), "plan", _("It will be placed on its scheduled date.")),
    Term("SUBMITTED", _("Submitted"), "busy", _("It is being placed; the outcome is still open.")),
    Term("SUCCESS", _("Placed"), "good", _("The shop accepted the order.")),
    Term("RETRY", _("Retrying"), "wait", _("An attempt failed and another one is planned.")),
    Term("FAILED", _("Failed"), "bad", _("It failed for good, and the subscription is switched off.")),
    Term("CANCELED", _("Cancelled"), "off", _("It will not be placed any more.")),
    Term("SKIPPED", _("Skipped"), "off", _("It was left out; a new order follows one cycle later.")),
)

# Of customers and of subscriptions; an active customer may have no active subscription.
ACCOUNT_STATUSES = vocabulary(
    Term("ACTIVE", _("Active"), "good"),
    Term("INACTIVE", _("Inactive"), "off", _("It is switched off; no further order follows.")),
)

# INTENTORY is how the API spells it.
RETRY_TYPES = vocabulary(
    Term("PAYMENT RETRY", _("Payment"), "wait", _("The payment failed.")),
    Term("INTENTORY RETRY", _("Inventory"), "wait", _("Something was not in stock.")),
    Term("INVENTORY RETRY", _("Inventory"), "wait", _("Something was not in stock.")),
    Term("GENERIC RETRY", _("Other"), "wait", _("The order could not be placed.")),
)


def _read(table: Vocabulary, code: str) -> Term:
    """Our reading of `code`, with the code as it was sent, but for blanks around it."""
    code = code.strip()
    if not code:
        return NOTHING
    known = table.get(plain_code(code))
    if known is None:
        return Term(code, word=code, known=False)
    return Term(code, known.word, known.tone, known.meaning)


@lru_cache(maxsize=512)
def status(code: str) -> Term:
    return _read(STATUSES, code)


@lru_cache(maxsize=64)
def account_status(code: str) -> Term:
    return _read(ACCOUNT_STATUSES, code)


@lru_cache(maxsize=512)
def retry_type(code: str) -> Term:
    return _read(RETRY_TYPES, code)
