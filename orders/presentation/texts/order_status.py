"""What an order's status means for this order: not what the code means in general."""

from orders.domain.results import OrderRow
from orders.domain.retry_status import is_pending
from orders.domain.terms import plain_code
from orders.presentation.texts import state_words
from orders.presentation.texts.cell_texts import gettext
from orders.presentation.texts.line_texts import status_meaning_with_lines


def status_meaning(row: OrderRow) -> str:
    """One sentence. Deleted, retried and mixed orders have one that the code alone does not give."""
    order, state = row.order, row.retry_status.state
    if order.is_deleted and is_pending(order):
        if plain_code(order.status.code) == "SUBMITTED":
            return gettext("It was deleted while it was being placed; the outcome is not known.")
        return gettext("It was deleted and will not be placed.")
    if state:
        return state_words.meaning(state)
    return status_meaning_with_lines(order) or state_words.meaning(order.status)
