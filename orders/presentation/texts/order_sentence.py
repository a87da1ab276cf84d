"""An order in a few plain sentences, to be read out to a customer or pasted into a ticket.

Speech: the outcome first, in the past, present or future it is in; no codes; the ID last, because only
who writes along needs it. Each upstream has a writer of its own, which knows its states.
"""

from datetime import datetime

from django.utils.translation import gettext

from orders.domain.results import OrderRow
from orders.presentation.texts.adobe_sentences import adobe_sentence
from orders.presentation.texts.fabric_sentences import fabric_sentence
from orders.presentation.texts.phrases import paragraph
from orders.presentation.texts.plain_sentences import plain_sentence
from orders.presentation.texts.unread_texts import unread_note


def order_sentence(row: OrderRow, now: datetime) -> str:
    """What became of the order, what becomes of it next, and its ID."""
    match row.source:
        case "adobe":
            said = adobe_sentence(row.order, now)
        case "fabric":
            said = fabric_sentence(row.order, row.retry_status, now)
        case _:
            said = plain_sentence(row.order, now)
    said = paragraph(said, unread_note(row.order))
    if not row.order.order_id:
        return said
    return paragraph(said, gettext("The order ID is %(order_id)s.") % {"order_id": row.order.order_id})
