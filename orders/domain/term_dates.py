"""When an Adobe customer's running term began and ends, and what is in doubt about it.

No field of Adobe's names a term's start. Certain is that a term ends on the day before the anniversary, and
that most subscriptions renew on the customer's `cotermDate`
(https://developer.adobe.com/vipmp/docs/subscription-management/). What is inferred says so, as a `Doubt`.
All are days without a clock, never taken through a time zone.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from enum import Enum, auto

import msgspec

# A first term may be up to three years long, four in education. A term of one year can't end so far ahead,
# not even where it was renewed as early as that can be done.
_LONGEST_ORDINARY = timedelta(days=395)
_DAY = timedelta(days=1)


class Doubt(Enum):
    """What has to be said beside the days."""

    NO_ORDER_YET = auto()  # no term begins before the first order
    ENDED = auto()  # no term is running; `ended_on` was the last day of one
    RENEWS_TODAY = auto()  # the renewal runs today: Adobe may already show the next term's date
    ONE_OFF_ITEMS = auto()  # only packs with days of their own are owned, which move no term
    RENEWED_EARLY = auto()  # the account's date has moved to the end of the next term, `bought_to`
    EXTENDED = auto()  # the first term is longer than a year
    START_UNKNOWN = auto()  # and no order is remembered that says when it began
    DATES_DIFFER = auto()  # the account says `account_date`, the subscriptions another
    BEFORE_ACCOUNT = auto()  # the term began before the account here: a membership was moved
    ACCOUNT_DATE_ALONE = auto()  # the subscriptions could not be asked


class RunningTerm(msgspec.Struct, frozen=True, kw_only=True):
    """Both days belong to the term; both are None where none is running."""

    first_day: date | None = None
    last_day: date | None = None
    doubts: tuple[Doubt, ...] = ()
    account_date: date | None = None
    bought_to: date | None = None
    ended_on: date | None = None

    @property
    def renews_on(self) -> date | None:
        return None if self.last_day is None else self.last_day + _DAY


def running_term(
    *,
    account_date: date | None,
    renewals: Sequence[date] | None,
    today: date,
    opened: date | None = None,
    first_order: date | None = None,
    has_one_off_items: bool = False,
) -> RunningTerm:
    """`account_date` is `cotermDate`; `renewals` are the dates of active subscriptions other than packs, None
    where they aren't known. `opened` is the account's own day, `first_order` the oldest purchase known.
    """
    renews_on, doubts = _renewal(account_date, renewals, today)
    if renews_on is None:
        return _no_term(account_date, today, has_one_off_items=has_one_off_items, doubts=doubts)
    is_extended = renews_on - today > _LONGEST_ORDINARY or year_before(renews_on) > today
    first_day: date | None = year_before(renews_on)
    if is_extended:
        doubts.append(Doubt.EXTENDED)
        first_day = first_order if first_order is not None and first_order <= today else None
        if first_day is None:
            doubts.append(Doubt.START_UNKNOWN)
    elif opened is not None and first_day is not None and first_day < opened:
        doubts.append(Doubt.BEFORE_ACCOUNT)
    is_early = Doubt.RENEWED_EARLY in doubts
    return RunningTerm(
        first_day=first_day,
        last_day=renews_on - _DAY,
        doubts=tuple(doubts),
        account_date=account_date,
        bought_to=account_date - _DAY if is_early and account_date is not None else None,
    )


def year_before(day: date) -> date:
    """The same day of the year before; of a 29 February the 28th."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


def _renewal(
    account_date: date | None, renewals: Sequence[date] | None, today: date
) -> tuple[date | None, list[Doubt]]:
    """The day on which the running term gives way to the next."""
    doubts = [Doubt.ACCOUNT_DATE_ALONE] if renewals is None else []
    ahead = Counter(day for day in renewals or () if day > today)
    most = max(ahead.values(), default=0)
    of_subscriptions = min((day for day, times in ahead.items() if times == most), default=None)
    of_account = account_date if account_date is not None and account_date > today else None
    if of_account is not None and _was_renewed_early(of_account, of_subscriptions, today):
        return of_subscriptions or year_before(of_account), [*doubts, Doubt.RENEWED_EARLY]
    if of_subscriptions is not None and account_date not in (None, of_subscriptions):
        doubts.append(Doubt.DATES_DIFFER)
    return of_subscriptions or of_account, doubts


def _was_renewed_early(account_date: date, of_subscriptions: date | None, today: date) -> bool:
    """Whether the account's date is that of the next term already, which begins in the future."""
    begins = year_before(account_date)
    if begins <= today or account_date - today > _LONGEST_ORDINARY:
        return False
    # A 29 February and the 28th are the same anniversary.
    return of_subscriptions is None or abs(begins - of_subscriptions) <= _DAY


def _no_term(
    account_date: date | None, today: date, *, has_one_off_items: bool, doubts: list[Doubt]
) -> RunningTerm:
    if account_date is None:
        return RunningTerm(doubts=(*doubts, Doubt.NO_ORDER_YET))
    doubts.append(Doubt.RENEWS_TODAY if account_date == today else Doubt.ENDED)
    if has_one_off_items:
        doubts.append(Doubt.ONE_OFF_ITEMS)
    return RunningTerm(doubts=tuple(doubts), account_date=account_date, ended_on=account_date - _DAY)
