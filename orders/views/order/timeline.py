"""What happened to an order and what comes, by the times that are known: a lane, oldest first.

No time is invented. Where an upstream doesn't say when an order came into its status, the lane says by when
it was seen there.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from orders.domain.results import OrderDetails, OrderRow
from orders.presentation.dates import drawn_moment
from orders.presentation.markup import markup
from orders.presentation.texts import state_words
from orders.presentation.texts.phrases import distance


@dataclass(frozen=True)
class LaneStep:
    """When, in which tone, what, and more of it; `is_next` has not happened yet."""

    at: datetime
    when: SafeString | str
    tone: str
    words: str
    detail: str = ""
    is_next: bool = False


def lane(details: OrderDetails) -> list[LaneStep]:
    """The steps of the order at the moment it was asked for."""
    return sorted(_steps(details.row, details.fetched_at), key=lambda step: step.at)


def _steps(row: OrderRow, now: datetime) -> Iterator[LaneStep]:
    order = row.order
    if order.created_at:
        yield _step(order.created_at, "off", gettext("Ordered"), order.external_reference_id)
    yield from _status(row, now)
    if order.is_deleted and order.deleted_at:
        yield _step(order.deleted_at, "off", gettext("Deleted"))
    following = row.retry_status.next_attempt
    if following:
        yield _next_attempt(row, following, now)
    elif order.scheduled_at and order.scheduled_at > now and not order.is_deleted:
        yield _step(order.scheduled_at, "plan", gettext("Scheduled"), distance(order.scheduled_at, now), True)


def _status(row: OrderRow, now: datetime) -> Iterator[LaneStep]:
    order = row.order
    status = order.status
    if not status:
        return
    words = state_words.word(status) if status.known else status.code
    failure = order.failure.message if order.failure else ""
    if order.status_updated_at:
        yield _step(order.status_updated_at, status.tone, words, failure)
    else:
        by = markup(gettext("by {}"), drawn_moment(now))
        yield LaneStep(now, by, status.tone, words, gettext("The time is not given."))


def _next_attempt(row: OrderRow, at: datetime, now: datetime) -> LaneStep:
    status = row.retry_status
    if status.is_overdue:
        return _step(at, status.state.tone, gettext("An attempt was due"), distance(at, now), True)
    beside = [distance(at, now)]
    if status.is_estimated:
        beside.append(gettext("estimated"))
    words = gettext("Next attempt") if status.state else gettext("Scheduled")
    return _step(at, "wait" if status.state else "plan", words, ", ".join(filter(None, beside)), True)


def _step(at: datetime, tone: str, words: str, detail: str = "", is_next: bool = False) -> LaneStep:
    return LaneStep(at, drawn_moment(at), tone, words, detail, is_next)
