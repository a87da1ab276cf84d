"""fabric's codes in our words. Drafts of the API used other cases, so case makes no difference."""

from functools import lru_cache

from orders.domain.terms import NOTHING, Term, Vocabulary, vocabulary

STATUSES = vocabulary(
    Term("SCHEDULED", "Scheduled", "wait", "It will be placed on its scheduled date."),
    Term("SUBMITTED", "Submitted", "busy", "It is being placed; the outcome is still open."),
    Term("SUCCESS", "Placed", "good", "The shop accepted the order."),
    Term("RETRY", "Retrying", "wait", "An attempt failed and another one is planned."),
    Term("FAILED", "Failed", "bad", "It failed for good, and the subscription is switched off."),
    Term("CANCELED", "Cancelled", "off", "It will not be placed any more."),
    Term("SKIPPED", "Skipped", "off", "It was left out; a new order follows one cycle later."),
)

# INTENTORY is how the API spells it.
RETRY_TYPES = vocabulary(
    Term("PAYMENT RETRY", "Payment", "wait", "The payment failed."),
    Term("INTENTORY RETRY", "Inventory", "wait", "Something was not in stock."),
    Term("INVENTORY RETRY", "Inventory", "wait", "Something was not in stock."),
    Term("GENERIC RETRY", "Other", "wait", "The order could not be placed."),
)

_ALIASES = {"CANCELLED": "CANCELED"}


def _read(table: Vocabulary, code: str) -> Term:
    """Our reading of `code`, with the code as it was sent."""
    if not code:
        return NOTHING
    plain = " ".join(code.upper().replace("_", " ").split())
    known = table.get(_ALIASES.get(plain, plain))
    if known is None:
        return Term(code, word=code, known=False)
    return Term(code, known.word, known.tone, known.meaning)


@lru_cache(maxsize=512)
def status(code: str) -> Term:
    return _read(STATUSES, code)


@lru_cache(maxsize=512)
def retry_type(code: str) -> Term:
    return _read(RETRY_TYPES, code)
