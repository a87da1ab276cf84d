"""An order in one or two plain sentences, to be read out to a customer or pasted into a ticket."""

from datetime import UTC, datetime

from orders.domain.attention import Attention, attention, failure_text, next_attempt_text, sentence
from orders.domain.instants import day
from orders.domain.orders import Line, Order, Promotion


def summary(order: Order, now: datetime) -> str:
    """What the order is, where it stands, and what happened to its promotions."""
    clock = attention(order, now=now)
    told = sentence(order, clock, now)
    # What is told of the retries says more than the general meaning of the status.
    where = (_status(order, in_brief=True), told) if told else (_status(order), *_dates(order, clock, now))
    return " ".join(filter(None, (_what(order), *where, _promotions(order))))


def _what(order: Order) -> str:
    """`Renewal 0123, quantity 120 on 5 lines, created 3 Nov 2025.`"""
    kind = order.order_type.word or "Order"
    lines = order.lines
    quantity = order.total_quantity
    contents = ""
    if lines:
        on_lines = "" if len(lines) == 1 else f" on {len(lines)} lines"
        contents = f"{len(lines)} line" + ("" if len(lines) == 1 else "s")
        if quantity is not None:
            contents = f"quantity {quantity}{on_lines}"
    created = f"created {_date(order.created_at)}" if order.created_at else ""
    return f"{', '.join(filter(None, (f'{kind} {order.order_id}'.strip(), contents, created)))}."


def _status(order: Order, *, in_brief: bool = False) -> str:
    status = order.status
    if not status:
        return ""
    if not status.known:
        return f"Status {status.code}, which is not in our table."
    return f"{status.word}: {status.meaning}" if status.meaning and not in_brief else f"{status.word}."


def _dates(order: Order, clock: Attention, now: datetime) -> tuple[str, ...]:
    """Schedule and earlier error, for orders that have such things."""
    if clock.next_attempt is not None:
        return (next_attempt_text(clock, now).replace("Next attempt", "Due", 1),)
    scheduled = f"It was scheduled for {_date(order.scheduled_at)}." if order.scheduled_at else ""
    failure = failure_text(order)
    return (scheduled, f"Earlier: {failure}" if failure else "")


def _promotions(order: Order) -> str:
    """`Promotion SUMMER: applied (line 1). Promotion WINTER: refused (line 2).`"""
    return " ".join(
        f"Promotion {promotion.code}: {_result(promotion)}{_on(line, order)}."
        for line in order.lines
        for promotion in line.promotions
    )


def _result(promotion: Promotion) -> str:
    if not promotion.result:
        return "no result given"
    return promotion.result.word.lower() if promotion.result.known else promotion.result.code


def _on(line: Line, order: Order) -> str:
    return f" (line {line.number})" if line.number and len(order.lines) > 1 else ""


def _date(moment: datetime) -> str:
    return day(moment.astimezone(UTC))
