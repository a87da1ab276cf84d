"""An order in a few plain sentences, to be read out to a customer or pasted into a ticket.

Speech: the outcome first, in the past, present or future it is in; no codes; the ID last, because only
who writes along needs it. An upstream may have a writer of its own, which knows its states, in a module of
its name: `adobe_sentences.py` is that of `adobe`.
"""

from collections.abc import Callable
from datetime import datetime
from importlib.util import find_spec

from django.utils.module_loading import import_string
from django.utils.translation import gettext

from orders.domain.orders import Order
from orders.domain.results import OrderRow
from orders.domain.retry_status import RetryStatus
from orders.presentation.texts import plain_sentences
from orders.presentation.texts.phrases import paragraph
from orders.presentation.texts.unread_texts import unread_note
from orders.upstreams import catalogue

Writer = Callable[[Order, RetryStatus, datetime], str]


def _writers() -> dict[str, Writer]:
    modules = {name: f"{__package__}.{name}_sentences" for name in catalogue.names()}
    return {name: import_string(f"{each}.sentence") for name, each in modules.items() if find_spec(each)}


_WRITERS = _writers()


def order_sentence(row: OrderRow, now: datetime) -> str:
    """What became of the order, what becomes of it next, and its ID."""
    write = _WRITERS.get(row.source, plain_sentences.sentence)
    said = paragraph(write(row.order, row.retry_status, now), unread_note(row.order))
    if not row.order.order_id:
        return said
    return paragraph(said, gettext("The order ID is %(order_id)s.") % {"order_id": row.order.order_id})
