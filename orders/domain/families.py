"""An order and its relatives: what was returned of it, what is left, and until about when it can be returned.

Adobe publishes fourteen days from the order's placement and neither hour nor zone of their end; its own
screen counts whole days in UTC (https://developer.adobe.com/vipmp/docs/order-management/). Where its pages
contradict each other, the verdict is `ASK_FIRST`. Plain arithmetic on what was asked: nobody is asked here.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from enum import Enum, auto

import msgspec

from orders.domain.orders import Line, Order, quantity_left
from orders.domain.terms import NOTHING, Term

RETURN_WINDOW = timedelta(days=14)
_OFFER_LENGTH = 15
_COMPLETED, _PROCESSING, _RETURNED = "1000", "1002", "1008"
_RETURNABLE_TYPES = frozenset({"NEW", "RENEWAL"})
_NEVER_RETURNABLE = frozenset({"TRANSFER", "RETURN", "REVERT_SWITCH"})
# What takes an order back: its relatives are those of the order that it names.
TAKES_BACK = frozenset({"RETURN", "REVERT_SWITCH"})


class Verdict(Enum):
    """Whether a line can be returned, as far as a look from outside can tell."""

    PROBABLY = auto()
    ASK_FIRST = auto()  # packs and transactions: Adobe's pages contradict each other
    ONLY_WHOLE = auto()  # a switch is undone, all of it or nothing
    HIGH_GROWTH = auto()  # part of a minimum that was agreed
    WRONG_TYPE = auto()  # a transfer, a return, a switch taken back
    NOT_COMPLETED = auto()  # it failed, or is not through yet
    RETURNED = auto()  # all of it, already
    NOTHING_LEFT = auto()
    WINDOW_CLOSED = auto()
    UNKNOWN = auto()  # no date, no quantity, or a type that nobody knows


class Relation(Enum):
    """How an order of the family is known to be one."""

    SHOWN = auto()
    ORIGINAL = auto()  # the one that the order shown names
    REFERS = auto()  # it names the order shown, or the original
    SUBSCRIPTION = auto()  # it has a subscription in common, and names nobody


class Relative(msgspec.Struct, frozen=True, kw_only=True):
    """One order of the family. `under` is the order that it stands under, blank for the first of all.

    `seen_at` is set where it was not asked but is remembered from then. `cancelled` are items that it cancels
    of the family's subscriptions.
    """

    order_id: str
    relation: Relation
    order_type: Term = NOTHING
    status: Term = NOTHING
    created_at: datetime | None = None
    quantity: int | None = None
    under: str = ""
    seen_at: datetime | None = None
    cancelled: tuple[Line, ...] = ()


class FamilyLine(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the order that the family is about. None is what can't be told.

    `left` is the upstream's own number, or, where `is_computed`, what was ordered less what was returned.
    `until` is the last day of its window, in UTC, for what has one.
    """

    line: Line
    returned: int | None = None
    left: int | None = None
    is_computed: bool = False
    verdict: Verdict = Verdict.UNKNOWN
    until: date | None = None

    @property
    def net(self) -> int | None:
        """What was ordered less what was returned."""
        if self.line.quantity is None or self.returned is None:
            return None
        return self.line.quantity - self.returned


class Family(msgspec.Struct, frozen=True, kw_only=True):
    """`about` is the order whose lines these are: that which is shown, or the one that it takes back.

    `is_complete` is False where not all that name it could be had: then nothing is computed from them.
    """

    about: Order
    relatives: tuple[Relative, ...]
    lines: tuple[FamilyLine, ...]
    is_complete: bool = True

    @property
    def first(self) -> Relative:
        return self.relatives[0]

    def under(self, order_id: str) -> list[Relative]:
        return [each for each in self.relatives if each.under == order_id]


def return_ends(order: Order) -> date | None:
    """The last day on which the order may be returned or undone, in UTC; None for what has no such window."""
    has_window = order.order_type.code in _RETURNABLE_TYPES or order.order_type.code == "SWITCH"
    if order.created_at is None or not has_window or order.status.code != _COMPLETED:
        return None
    return (order.created_at.astimezone(UTC) + RETURN_WINDOW).date()


def family_of(
    shown: Order,
    *,
    today: date,
    original: Order | None = None,
    referring: Sequence[Order] = (),
    by_subscription: Sequence[Relative] = (),
    is_complete: bool = True,
) -> Family:
    """`referring` are orders that name the one shown or the original; what names neither is left out."""
    about = original if original is not None and shown.order_type.code in TAKES_BACK else shown
    first = original or shown
    roots = {first.order_id, shown.order_id}
    known = {each.order_id: each for each in referring if each.order_id and each.reference_order_id in roots}
    for each in (shown, first):
        known.pop(each.order_id, None)
    relatives = [_relative(first, Relation.SHOWN if original is None else Relation.ORIGINAL)]
    if original is not None:
        relatives.append(_relative(shown, Relation.SHOWN, under=first.order_id))
    relatives += [_relative(each, Relation.REFERS, under=each.reference_order_id) for each in known.values()]
    taken = {each.order_id for each in relatives}
    relatives += [
        msgspec.structs.replace(each, under=first.order_id)
        for each in by_subscription
        if each.order_id not in taken
    ]
    takes_back = [
        each
        for each in (*known.values(), shown)
        if each.reference_order_id == about.order_id and _counts(each) and each.order_id != about.order_id
    ]
    return Family(
        about=about,
        relatives=(relatives[0], *sorted(relatives[1:], key=_age)),
        lines=_lines(about, takes_back, today, is_complete=is_complete),
        is_complete=is_complete,
    )


def is_pack(offer_id: str) -> bool:
    """Whether it counts credits or transactions, not seats."""
    return len(offer_id) == _OFFER_LENGTH and offer_id[10] == "T"


def _relative(order: Order, relation: Relation, under: str = "") -> Relative:
    return Relative(
        order_id=order.order_id,
        relation=relation,
        order_type=order.order_type,
        status=order.status,
        created_at=order.created_at,
        quantity=order.total_quantity,
        under=under,
        cancelled=order.cancelling_lines,
    )


def _age(relative: Relative) -> tuple[bool, datetime, str]:
    """Oldest first; those without a date at the end."""
    when = relative.created_at
    return when is None, when or datetime.max.replace(tzinfo=UTC), relative.order_id


def _counts(order: Order) -> bool:
    """Whether its quantities are gone from the order it names: seats go while a return is processed."""
    return order.status.code in {_COMPLETED, _PROCESSING}


def _lines(
    about: Order, takes_back: Sequence[Order], today: date, *, is_complete: bool
) -> tuple[FamilyLine, ...]:
    given_back = [line for each in takes_back if each.order_type.code == "RETURN" for line in each.lines]
    is_undone = any(each.order_type.code == "REVERT_SWITCH" for each in takes_back)
    returned = _returned(about.lines, given_back) if is_complete else [None] * len(about.lines)
    made = []
    for line, gone in zip(about.lines, returned, strict=True):
        left, is_computed = _left(about, line, gone, is_undone=is_undone)
        verdict = _verdict(about, line, left, today, is_undone=is_undone)
        has_window = verdict not in {Verdict.HIGH_GROWTH, Verdict.RETURNED, Verdict.NOTHING_LEFT}
        made.append(
            FamilyLine(
                line=line,
                returned=gone,
                left=left,
                is_computed=is_computed,
                verdict=verdict,
                until=return_ends(about) if has_window else None,
            )
        )
    return tuple(made)


def _returned(lines: Sequence[Line], given_back: Sequence[Line]) -> list[int | None]:
    """How many of each line came back. None for all where one of them can't be told to be of a line."""
    numbers: list[int | None] = [0] * len(lines)
    for back in given_back:
        place = _place(lines, back)
        if place is None or back.quantity is None:
            return [None] * len(lines)
        numbers[place] = (numbers[place] or 0) + abs(back.quantity)
    return numbers


def _place(lines: Sequence[Line], back: Line) -> int | None:
    """Which line was given back: by number and product, else the only one of its subscription or product."""
    same = [place for place, line in enumerate(lines) if line.offer_id[:10] == back.offer_id[:10]]
    tests = (
        [place for place in same if lines[place].number and lines[place].number == back.number],
        [place for place in same if lines[place].subscription_id == back.subscription_id != ""],
        same,
    )
    return next((found[0] for found in tests if len(found) == 1), None)


def _left(about: Order, line: Line, returned: int | None, *, is_undone: bool) -> tuple[int | None, bool]:
    """What is left, and whether it was computed here."""
    if about.order_type.code in TAKES_BACK or about.status.code not in {_COMPLETED, _PROCESSING, _RETURNED}:
        return None, False
    given = quantity_left(about, line)
    if given is not None:
        return given, False
    if is_undone or line.status.code == _RETURNED or about.status.code == _RETURNED:
        return 0, True
    if line.quantity is None or returned is None:
        return None, False
    return max(0, line.quantity - returned), True


def _verdict(about: Order, line: Line, left: int | None, today: date, *, is_undone: bool) -> Verdict:
    kind = about.order_type.code
    status = line.status.code or about.status.code
    if kind in _NEVER_RETURNABLE:
        return Verdict.WRONG_TYPE
    if _RETURNED in (status, about.status.code) or is_undone:
        return Verdict.RETURNED
    if about.status.code != _COMPLETED or status != _COMPLETED:
        return Verdict.NOT_COMPLETED
    if len(line.offer_id) == _OFFER_LENGTH and line.offer_id[12] in "XYZ":
        return Verdict.HIGH_GROWTH
    if left == 0:
        return Verdict.NOTHING_LEFT
    until = return_ends(about)
    if until is None:
        return Verdict.UNKNOWN
    if today > until:
        return Verdict.WINDOW_CLOSED
    if kind == "SWITCH":
        return Verdict.ONLY_WHOLE
    if is_pack(line.offer_id):
        return Verdict.ASK_FIRST
    return Verdict.UNKNOWN if left is None else Verdict.PROBABLY
