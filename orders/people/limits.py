"""How much one person may do in a while: a thief with somebody's session is slowed, and seen.

What is begun is counted before it is done, under a lock of the person's, so that requests that come at once
can't pass a limit together, whichever workers they come to. Over half of a limit those who read the ledger
are told, once in a window; over all of it nothing more is done until the window has moved on, or somebody
grants more for a day (`limit_wishes`).
"""

import hashlib
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, NamedTuple, cast

from django.conf import settings
from django.contrib.auth.models import User
from django.core.cache import cache
from django.db import DatabaseError, connection, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from redis import RedisError

from orders.ledger import Action, LedgerEntry, LedgerUnavailable
from orders.people import limit_reports
from orders.people.limit_models import LimitUse, LimitWish
from orders.people.permissions import Person

Customer = tuple[str, str]  # source and customer ID
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# Looking at a customer, in the ledger.
_LOOKS = (
    Action.VIEW_LIST,
    Action.VIEW_ORDER,
    Action.VIEW_CUSTOMER,
    Action.VIEW_SUBSCRIPTIONS,
    Action.REVEAL,
    Action.EXPORT_START,
)
# What holds something back for as long as it lasts may have room again any moment.
_SOON = timedelta(minutes=1)
# Our class of PostgreSQL's advisory locks; the second number is the person.
_LOCKS = 20261127


class Kind(NamedTuple):
    """One thing that is limited: its setting, its window, and what it is called where it is reached.

    What `is_counted` is counted here; of files that wait or are made, whoever keeps them says how many.
    """

    setting: str
    window: timedelta
    words: Any
    is_counted: bool = True


KINDS = {
    "reveals": Kind("LIMIT_REVEALS_PER_HOUR", HOUR, _("reveals within an hour")),
    "customers": Kind("LIMIT_CUSTOMERS_PER_HOUR", HOUR, _("different customers within an hour")),
    "lookups": Kind("LIMIT_LOOKUPS_PER_HOUR", HOUR, _("look-ups within an hour")),
    "exports": Kind("LIMIT_EXPORTS_PER_DAY", DAY, _("files within a day")),
    "queue": Kind("LIMIT_EXPORTS_QUEUED", HOUR, _("files that wait their turn"), is_counted=False),
    "running": Kind("LIMIT_EXPORTS_RUNNING", HOUR, _("files being made at once"), is_counted=False),
}


class OverLimit(Exception):
    """The person has done as much as they may; `again_at` is when they may go on, as far as that is known."""

    def __init__(self, kind: str, limit: int, again_at: datetime) -> None:
        super().__init__(f"{kind}={limit}")
        self.kind, self.limit, self.again_at = kind, limit, again_at


class _Count(NamedTuple):
    """What somebody has done of a kind: when each left its mark, the oldest first; what to mark now (of
    customers a digest each, of all else an empty text).
    """

    kind: str
    limit: int
    marks: Sequence[datetime]
    new: Sequence[str] = ("",)


def limit_of(person: Person, kind: str) -> int:
    """What the person's widest role allows, else what everybody may, or what was granted; 0 is no limit."""
    usual = usual_limit(person, kind)
    if not usual:
        return 0
    now = timezone.now()
    wishes = LimitWish.objects.filter(person=person.pk, kind=kind, until__gt=now)
    granted = wishes.filter(state=LimitWish.State.GRANTED).aggregate(most=Max("granted"))["most"]
    return max(usual, granted or 0)


def usual_limit(person: Person, kind: str) -> int:
    """As `limit_of`, without what was granted for a day."""
    usual = int(getattr(settings, KINDS[kind].setting))
    by_role = {role: limit for (role, of), limit in settings.LIMITS_OF_ROLES.items() if of == kind}
    if not by_role:
        return usual
    names = person.groups.filter(name__in=by_role).values_list("name", flat=True)
    given = [by_role[name] for name in names]
    return usual if not given else 0 if 0 in given else max(given)


def one_at_a_time(person: Person) -> None:
    """Until the transaction ends, nobody else counts what this person does.

    On SQLite a transaction that may write has the file to itself already (`transaction_mode`).
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCKS, person.pk])


def take(person: Person, *kinds: str, customers: Collection[Customer] = ()) -> None:
    """Let the person do one more of each kind, and look at the customers: all of it, or `OverLimit`.

    A customer (source and ID) whom they have looked at within the hour is free. A refusal is written down,
    and takes nothing away. `LedgerUnavailable` where it can't be counted.
    """
    wanted = [kind for kind in kinds if usual_limit(person, kind)]
    if customers and usual_limit(person, "customers") and not _were_just_seen(person, customers):
        wanted.append("customers")
    if not wanted:
        return
    try:
        with transaction.atomic():
            refusal = _take(person, wanted, customers)
    except DatabaseError as error:
        raise LedgerUnavailable from error
    if refusal is not None:
        raise refusal
    if "customers" in wanted:
        with suppress(RedisError):
            cache.set_many({_key(person, each): 1 for each in customers}, 60)


def take_customers(person: Person, customers: Sequence[Customer]) -> list[Customer]:
    """Those of these customers, in their order, for whom there is room; `OverLimit` where there is none."""
    if not customers or not usual_limit(person, "customers"):
        return list(customers)
    try:
        with transaction.atomic():
            one_at_a_time(person)
            now = timezone.now()
            count = _count("customers", person, customers, now)
            room = max(0, count.limit - len(count.marks))
            new = [each for each in customers if _digest(person, each) in set(count.new)]
            over = set(new[room:])
            taken = [each for each in customers if each not in over]
            refusal = None
            if not taken:
                refusal = _take(person, ["customers"], customers)
            else:
                _mark(person, count._replace(new=[_digest(person, each) for each in new[:room]]), now)
    except DatabaseError as error:
        raise LedgerUnavailable from error
    if refusal is not None:
        raise refusal
    return taken


def _were_just_seen(person: Person, customers: Collection[Customer]) -> bool:
    """A page that was just looked at costs no question to the database."""
    keys = {_key(person, each) for each in customers}
    try:
        return cache.get_many(keys).keys() == keys
    except RedisError:
        return False


def _take(person: Person, kinds: Sequence[str], customers: Collection[Customer]) -> OverLimit | None:
    one_at_a_time(person)
    now = timezone.now()
    counts = [_count(kind, person, customers, now) for kind in kinds]
    for count in counts:
        too_many = len(count.marks) + len(count.new) - count.limit
        if count.new and too_many > 0:
            # The one whose going makes room: all before it have gone by then. More than the limit at once
            # never have room.
            leaving = [*count.marks, now][min(too_many, len(count.marks) + 1) - 1]
            return refused(person, count.kind, len(count.marks), leaving + KINDS[count.kind].window)
    for count in counts:
        if count.new:
            _mark(person, count, now)
    return None


def _count(kind: str, person: Person, customers: Collection[Customer], now: datetime) -> _Count:
    since = now - KINDS[kind].window
    uses = LimitUse.objects.filter(person=person.pk, kind=kind, at__gt=since).order_by("at")
    limit = limit_of(person, kind)
    if kind != "customers":
        return _Count(kind, limit, list(uses.values_list("at", flat=True)))
    # A look that is under way is not in the ledger yet; one that is repeated has no new mark.
    looked_at = dict(uses.values_list("subject", "at"))
    for subject, at in _looks(person, since):
        looked_at[subject] = max(at, looked_at.get(subject, at))
    new = {_digest(person, each) for each in customers} - looked_at.keys()
    return _Count(kind, limit, sorted(looked_at.values()), sorted(new))


def _looks(person: Person, since: datetime) -> Iterator[tuple[str, datetime]]:
    """Each customer whom the person has looked at, as a digest, and when they last did."""
    entries = LedgerEntry.objects.filter(actor=person.pk, action__in=_LOOKS, at__gt=since)
    customers = entries.exclude(customer_id="").order_by().values_list("source", "customer_id")
    for source, customer_id, at in customers.annotate(last=Max("at")):
        yield _digest(person, (source, customer_id)), at


def _mark(person: Person, count: _Count, now: datetime) -> None:
    mine = LimitUse.objects.filter(person=person.pk, kind=count.kind)
    mine.filter(at__lte=now - KINDS[count.kind].window).delete()
    who = cast(User, person)
    LimitUse.objects.bulk_create(
        [LimitUse(person=who, kind=count.kind, subject=subject, at=now) for subject in count.new]
    )
    used = len(count.marks) + len(count.new)
    if 2 * used > count.limit > 0:
        limit_reports.report(person, count.kind, KINDS[count.kind], used, count.limit)


def hold_back(person: Person, kind: str, count: int) -> None:
    """As `take`, for what is counted by whoever keeps it: `count` is how many of the person's there are.

    Within a transaction that began with `one_at_a_time`. The refusal that is raised is written down in it.
    """
    limit = limit_of(person, kind)
    if limit and count >= limit:
        raise refused(person, kind, count, timezone.now() + _SOON)


def refused(person: Person, kind: str, used: int, again_at: datetime) -> OverLimit:
    """Write the refusal down; to be raised once that is committed."""
    limit = limit_of(person, kind)
    limit_reports.refused(person, kind, KINDS[kind], used, limit)
    return OverLimit(kind, limit, again_at)


def used(person: Person, kind: str) -> int:
    """How much the person has done of what is counted here, within the window that ends now."""
    now = timezone.now()
    return len(_count(kind, person, (), now).marks)


def forget_old() -> int:
    """Delete what counts no longer; says how many."""
    return LimitUse.objects.filter(at__lt=timezone.now() - DAY).delete()[0]


def _digest(person: Person, customer: Customer) -> str:
    source, customer_id = customer
    return hashlib.sha256(f"{person.pk}\0{source}\0{customer_id}".encode()).hexdigest()


def _key(person: Person, customer: Customer) -> str:
    return f"seen-customer:{_digest(person, customer)}"
