"""A customer's orders by month and state, as a picture and in numbers, where the whole result is at hand."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial

from django.http import QueryDict
from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from orders.domain.descriptions import Description
from orders.domain.month_counts import MonthCounts, month_of
from orders.domain.results import ResultPage
from orders.presentation.filtersets import FILTERSETS
from orders.presentation.filtersets.periods import PERIOD
from orders.presentation.markup import markup, markup_join
from orders.presentation.month_picture import month_picture
from orders.presentation.numbers import grouped
from orders.views.shared.query_strings import with_changes

# Bars of a picture, and how many of them may be of months to come.
_MOST, _AHEAD = 24, 12
# One month is a number, and no picture.
_FEWEST = 2


@dataclass(frozen=True)
class MonthsOfResult:
    """`rows` are those of a table of the same numbers; `left_out` says in words which orders no bar is of."""

    picture: SafeString
    rows: SafeString
    total: int
    left_out: str = ""


def months_of(query: QueryDict, description: Description, page: ResultPage) -> MonthsOfResult | None:
    """None where the page is not all of the result, or all of it is of one month."""
    counted = page.months or {}
    shown = _shown(counted)
    if len(shown) < _FEWEST:
        return None
    total = sum(counts.total for counts in counted.values())
    left_out = total - sum(counts.total for _, counts in shown)
    words = ngettext(
        "%(count)s order without a date, or of an earlier or later month, is not in it.",
        "%(count)s orders without a date, or of earlier or later months, are not in it.",
        left_out,
    )
    address = partial(_address, query, description)
    # The month in which a term begins is only in part in that term's list.
    begins_within = description.pages_upstream
    return MonthsOfResult(
        picture=month_picture(shown),
        rows=markup_join(
            "",
            "<tr>{}</tr>",
            (
                (_row(first, counts, "" if begins_within and not place else address(first)),)
                for place, (first, counts) in enumerate(shown)
            ),
        ),
        total=total,
        left_out=words % {"count": grouped(left_out)} if left_out else "",
    )


def _row(first: date, counts: MonthCounts, address: str) -> SafeString:
    """`address` shows the month's orders alone; empty where the list can't be asked for them."""
    name = markup('<a href="{}">{}</a>', address, f"{first:%Y-%m}") if address else f"{first:%Y-%m}"
    numbers = "".join([f'<td class="num">{number}</td>' for number in counts])
    return markup('<td class="date">{}</td>{}', name, SafeString(numbers))


def _shown(counted: Mapping[int, MonthCounts]) -> list[tuple[date, MonthCounts]]:
    """The latest months from the first order to the last one, empty ones between them included."""
    known = [month for month in counted if 0 < month <= month_of(datetime.now(UTC)) + _AHEAD]
    if not known:
        return []
    first = max(min(known), max(known) - _MOST + 1)
    return [
        (date(month // 12, month % 12 + 1, 1), counted.get(month, MonthCounts()))
        for month in range(first, max(known) + 1)
    ]


def _address(query: QueryDict, description: Description, first: date) -> str:
    """The list of one month. One that is cut by dates itself has none: it could show more than is counted."""
    dates = FILTERSETS[description.name].period_dates
    if dates is None or any(query.get(name) for name in (*dates, PERIOD)):
        return ""
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    days = {name: day.isoformat() for name, day in zip(dates, (first, last), strict=True)}
    whole = {"whole-days": 1} if "whole-days" in FILTERSETS[description.name].own_parameters else {}
    return with_changes(query, {**days, **whole, "offset": None})
