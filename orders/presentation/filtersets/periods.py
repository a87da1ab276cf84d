"""Ranges of days that move with today: kept as their name, and read anew whenever they are asked for.

Days are whole days in UTC, as those that a form sends.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _

from orders.presentation.texts.phrases import Text

PERIOD = "period"  # the parameter
# What Adobe searches where no date is sent; for us no range at all.
THIS_TERM = "this-term"

# First and last day, both included; None where there is none.
Days = tuple[date | None, date | None]


def _this_month(today: date) -> Days:
    first = today.replace(day=1)
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _last_month(today: date) -> Days:
    last = today.replace(day=1) - timedelta(days=1)
    return last.replace(day=1), last


PERIODS: dict[str, tuple[Text, Callable[[date], Days]]] = {
    "today": (_("Today"), lambda today: (today, today)),
    "last-7-days": (_("Last 7 days"), lambda today: (today - timedelta(days=6), today)),
    "last-30-days": (_("Last 30 days"), lambda today: (today - timedelta(days=29), today)),
    "last-90-days": (_("Last 90 days"), lambda today: (today - timedelta(days=89), today)),
    "this-month": (_("This month"), _this_month),
    "last-month": (_("Last month"), _last_month),
    "this-year": (_("This year"), lambda today: (date(today.year, 1, 1), date(today.year, 12, 31))),
    THIS_TERM: (_("This term"), lambda today: (None, None)),
    "next-7-days": (_("Next 7 days"), lambda today: (today, today + timedelta(days=6))),
    "next-30-days": (_("Next 30 days"), lambda today: (today, today + timedelta(days=29))),
}
# Of what was created, and of what is planned.
OF_CREATED = ("today", "last-7-days", "last-30-days", "last-90-days", "this-month", "last-month")
OF_PLANNED = (*OF_CREATED, "this-year", "next-7-days", "next-30-days")


class PeriodFilter(django_filters.ChoiceFilter):
    """One of `names`; the filter set that has it says which dates it stands for."""

    def __init__(self, names: Sequence[str], **kwargs: Any) -> None:
        choices = [(name, PERIODS[name][0]) for name in names]
        super().__init__(field_name=PERIOD, choices=choices, empty_label=_("Any, or by date"), **kwargs)


def days_of(name: str, *, today: date | None = None, ends: bool = False) -> Days:
    """The days that a period has today. An end that is not over yet is none, unless it is said that it
    `ends`: nothing was created in the future, but much is planned for it.
    """
    today = today or datetime.now(UTC).date()
    first, last = PERIODS[name][1](today)
    return first, last if ends or (last is not None and last < today) else None
