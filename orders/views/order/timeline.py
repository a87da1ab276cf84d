"""What happened to an order and what comes, by the times that are known: a lane, oldest first.

No time is invented. Where an upstream doesn't say when an order came into its status, the lane says by when
it was seen there, and after when, if the portal saw it before.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from orders.domain.families import return_ends
from orders.domain.orders import Order
from orders.domain.results import OrderDetails, OrderRow
from orders.domain.terms import Vocabulary, read
from orders.presentation.dates import drawn_moment, moment_words
from orders.presentation.markup import markup
from orders.presentation.texts import state_words
from orders.presentation.texts.attention_texts import line_states
from orders.presentation.texts.phrases import brief_day, distance
from orders.presentation.texts.plain_words import theirs
from orders.services import SeenChange


@dataclass(frozen=True)
class LaneStep:
    """When, in which tone, what, and more of it; `is_next` has not happened yet."""

    at: datetime
    when: SafeString | str
    tone: str
    words: str
    detail: str = ""
    is_next: bool = False


def lane(details: OrderDetails, changes: Sequence[SeenChange], statuses: Vocabulary) -> list[LaneStep]:
    """The steps of the order at the moment it was asked for; `changes` are those that the portal has seen."""
    return sorted(_steps(details.row, details.fetched_at, changes, statuses), key=lambda step: step.at)


def _steps(
    row: OrderRow, now: datetime, changes: Sequence[SeenChange], statuses: Vocabulary
) -> Iterator[LaneStep]:
    order = row.order
    if order.created_at:
        yield _step(order.created_at, "off", gettext("Ordered"), order.external_reference_id)
    is_last_known = bool(changes) and changes[-1].now == order.status.code
    for change in changes:
        # Of the status it is in, the upstream may give the very time.
        if not (order.status_updated_at and is_last_known and change is changes[-1]):
            yield from _seen(change, statuses)
    if order.status_updated_at or not is_last_known:
        yield from _status(row, now)
    if order.is_deleted and order.deleted_at:
        yield _step(order.deleted_at, "off", gettext("Deleted"))
    yield from _end_of_window(order, now)
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
    failure = theirs(order.failure.message) if order.failure else ""
    if order.status_updated_at:
        yield _step(order.status_updated_at, status.tone, words, failure)
    else:
        by = markup(gettext("by {}"), drawn_moment(now))
        yield LaneStep(now, by, status.tone, words, gettext("The time is not given."))


def _seen(change: SeenChange, statuses: Vocabulary) -> Iterator[LaneStep]:
    """What the portal saw by itself: no earlier than its look before, and no later than this one."""
    status = read(statuses, change.now)
    lines = line_states(change.lines_now) if change.lines_now != change.lines_were else ""
    if change.was == change.now and not lines:
        return
    words = state_words.word(status) if status.known else status.code
    after = gettext("seen by the portal, after %(moment)s") % {"moment": moment_words(change.not_before)}
    by = markup(gettext("by {}"), drawn_moment(change.seen_at))
    yield LaneStep(change.seen_at, by, status.tone, words, ", ".join(filter(None, (lines, after))))


def _end_of_window(order: Order, now: datetime) -> Iterator[LaneStep]:
    """Until about when it may be taken back, where that is still to come; hour and zone are unknown."""
    last_day = return_ends(order)
    if last_day is None:
        return
    end = datetime.combine(last_day, time(23, 59), UTC)
    if end > now:
        by = gettext("about %(day)s") % {"day": brief_day(last_day)}
        yield LaneStep(end, by, "plan", gettext("The return window ends"), gettext("14 days, UTC"), True)


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
