"""The honest window: which range of time a list really covers, in words, and ways to change it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.http import QueryDict

from orders.domain.descriptions import Description
from orders.domain.instants import day, parse_instant
from orders.domain.results import ResultPage
from orders.views.addresses import with_changes

# Long before the first order either upstream can hold.
BEGINNING = date(2000, 1, 1)


@dataclass(frozen=True)
class WindowNotice:
    """`title` says the range, `text` what that means; `show_all` is an address, empty if all is shown."""

    title: str
    text: str
    show_all: str = ""


def window_notice(query: QueryDict, description: Description, filters: Any, page: ResultPage) -> WindowNotice:
    if not description.pages_upstream:
        return _complete_list_notice(description, page)
    if "created_from" not in description.supports:
        label = description.short_label
        return WindowNotice(title=f"All orders {label} has", text=f"{label} has no time window of its own.")
    start, end = page.searched_from, page.searched_to
    until = _words(end) if end else "now"
    if not start:
        return WindowNotice(
            title=f"Current term – {until}",
            text=f"{description.short_label}'s default: orders created since the current term began. "
            "Earlier terms are not shown.",
            show_all=all_address(query),
        )
    is_all = start[:10] <= BEGINNING.isoformat()
    if is_all:
        title, text = f"Whole history – {until}", "Every order the upstream has, of all terms."
    else:
        title, text = f"{_words(start)} – {until}", "Orders created in this range."
    if filters.data.get("whole-days") and any(filters.data.get(n) for n in ("start-date", "end-date")):
        text += f" Whole days, sent as {_sent(start, end)}."
    elif len(end) == len("2026-01-31"):
        text += " A bare end date means midnight UTC at its start, so that day itself is not included."
    is_everything = is_all and not end
    return WindowNotice(title=title, text=text, show_all="" if is_everything else all_address(query))


def _complete_list_notice(description: Description, page: ResultPage) -> WindowNotice:
    label = description.short_label
    applied = " The filters are applied here, to all of them." if page.applied_here else ""
    if not page.is_complete:
        return WindowNotice(
            title=f"Showing {page.unfiltered_count} of {page.known_total} orders",
            text=f"{label} says that more exist but did not send them: this list is not complete."
            + (" The filters are applied here, to what was sent." if page.applied_here else ""),
        )
    return WindowNotice(
        title=f"All {page.unfiltered_count} orders {label} sent",
        text=f"{label} has no filters and no time window of its own.{applied}",
    )


def all_address(query: QueryDict) -> str:
    return with_changes(
        query,
        {"start-date": BEGINNING.isoformat(), "end-date": None, "offset": None},
    )


def date_presets(query: QueryDict, description: Description) -> list[tuple[str, str, bool]]:
    """(words, address, whether in force) of the usual ranges, as whole days in UTC."""
    if "created_from" not in description.supports:
        return []
    today = datetime.now(UTC).date()
    this_month = today.replace(day=1)
    last_month_end = this_month - timedelta(days=1)
    ranges: list[tuple[str, date, date | None]] = [
        ("Today", today, None),
        ("7 days", today - timedelta(days=6), None),
        ("30 days", today - timedelta(days=29), None),
        ("90 days", today - timedelta(days=89), None),
        ("This month", this_month, None),
        ("Last month", last_month_end.replace(day=1), last_month_end),
    ]
    start, end = query.get("start-date", ""), query.get("end-date", "")
    found = [
        (
            words,
            with_changes(
                query,
                {
                    "start-date": first.isoformat(),
                    "end-date": last.isoformat() if last else None,
                    "whole-days": 1,
                    "offset": None,
                },
            ),
            (start, end) == (first.isoformat(), last.isoformat() if last else ""),
        )
        for words, first, last in ranges
    ]
    no_dates = {"start-date": None, "end-date": None, "whole-days": None, "offset": None}
    found.append(("This term", with_changes(query, no_dates), not start and not end))
    found.append(("All", all_address(query), start == BEGINNING.isoformat() and not end))
    return found


def range_words(start: str, end: str) -> str:
    """A range as an upstream was asked for it: `3 Nov 2025 – 22 Nov 2026 14:02:11`."""
    if not start:
        first = "Current term"
    elif start[:10] <= BEGINNING.isoformat():
        first = "Whole history"
    else:
        first = _words(start)
    return f"{first} – {_words(end) if end else 'now'}"


def _words(text: str) -> str:
    moment = parse_instant(text)
    if moment is None:
        return text
    if len(text) == len("2026-01-31") or (moment.hour, moment.minute, moment.second) == (0, 0, 0):
        return day(moment)
    if (moment.hour, moment.minute, moment.second) == (23, 59, 59):
        return f"{day(moment)} (end of day)"
    return f"{day(moment)} {moment:%H:%M:%S}"


def _sent(start: str, end: str) -> str:
    return " to ".join(text for text in (start, end) if text)
