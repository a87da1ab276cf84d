"""Which range of time a list really covers, in words, and ways to change it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext, ngettext

from orders.domain.descriptions import Description
from orders.domain.instants import parse_instant
from orders.domain.results import ResultPage
from orders.presentation.filtersets.periods import OF_CREATED, PERIOD, THIS_TERM
from orders.presentation.numbers import grouped
from orders.presentation.texts.phrases import brief_day, paragraph
from orders.views.shared.query_strings import with_changes

# Long before the first order either upstream can hold.
BEGINNING = date(2000, 1, 1)


@dataclass(frozen=True)
class DateRangeNotice:
    """`title` says the range, `text` what that means; `show_all` is an address, empty if all is shown."""

    title: str
    text: str
    show_all: str = ""


def date_range_notice(
    query: QueryDict, description: Description, filters: Any, page: ResultPage
) -> DateRangeNotice:
    if not description.pages_upstream:
        return _complete_list_notice(description, page)
    if "created_from" not in description.supports:
        label = description.short_label
        return DateRangeNotice(
            title=gettext("All orders %(label)s has") % {"label": label},
            text=gettext("%(label)s has no time window of its own.") % {"label": label},
        )
    start, end = page.searched_from, page.searched_to
    until = _words(end) if end else gettext("now")
    if not start:
        return DateRangeNotice(
            title=gettext("Current term – %(until)s") % {"until": until},
            text=gettext(
                "%(label)s's default: orders created since the current term began. "
                "Earlier terms are not shown."
            )
            % {"label": description.short_label},
            show_all=all_address(query),
        )
    is_all = start[:10] <= BEGINNING.isoformat()
    if is_all:
        title, text = (
            gettext("Whole history – %(until)s") % {"until": until},
            gettext("Every order the upstream has, of all terms."),
        )
    else:
        title, text = f"{_words(start)} – {until}", gettext("Orders created in this range.")
    has_dates = any(filters.data.get(name) for name in ("start-date", "end-date"))
    if (filters.data.get("whole-days") and has_dates) or filters.data.get(PERIOD):
        more = gettext("Whole days, sent as %(sent)s.") % {"sent": _sent(start, end)}
    elif len(end) == len("2026-01-31"):
        more = gettext("A bare end date means midnight UTC at its start, so that day itself is not included.")
    else:
        more = ""
    chosen = ""
    if page.applied_here:
        chosen = gettext("Of %(count)s orders, those whose lines disagree with the order’s status.") % {
            "count": grouped(page.unfiltered_count or 0)
        }
    is_everything = is_all and not end
    shown = "" if is_everything else all_address(query)
    return DateRangeNotice(title=title, text=paragraph(text, more, chosen), show_all=shown)


def _complete_list_notice(description: Description, page: ResultPage) -> DateRangeNotice:
    read, label = page.unfiltered_count or 0, description.short_label
    said = {
        "read": grouped(read),
        "sent": grouped(read + page.lost),
        "total": grouped(page.known_total or 0),
        "label": label,
    }
    if not page.is_complete:
        applied = gettext("The filters are applied here, to what was sent.")
        return DateRangeNotice(
            title=gettext("Showing %(read)s of %(total)s orders") % said,
            text=paragraph(
                gettext("%(label)s says that more exist but did not send them: this list is not complete.")
                % said,
                applied if page.applied_here else "",
            ),
        )
    title = ngettext("The one order %(label)s sent", "All %(read)s orders %(label)s sent", read) % said
    lost = ""
    if page.lost:
        title = gettext("%(read)s of %(sent)s orders that %(label)s sent") % said
        lost = gettext("The others could not be read.")
    applied = gettext("The filters are applied here, to all of them.")
    return DateRangeNotice(
        title=title,
        text=paragraph(
            lost,
            gettext("%(label)s has no filters and no time window of its own.") % said,
            applied if page.applied_here else "",
        ),
    )


def all_address(query: QueryDict) -> str:
    return with_changes(
        query,
        {"start-date": BEGINNING.isoformat(), "end-date": None, PERIOD: None, "offset": None},
    )


def date_presets(
    query: QueryDict, description: Description, *, has_default: bool = False
) -> list[tuple[str, str, bool]]:
    """(words, address, whether in force) of the usual ranges, as whole days in UTC."""
    if "created_from" not in description.supports:
        return []
    words = (
        gettext("Today"),
        gettext("7 days"),
        gettext("30 days"),
        gettext("90 days"),
        gettext("This month"),
        gettext("Last month"),
    )
    start, end, period = query.get("start-date", ""), query.get("end-date", ""), query.get(PERIOD, "")
    no_dates = dict.fromkeys(("start-date", "end-date", "whole-days", PERIOD, "offset"))
    found = [
        (said, with_changes(query, {**no_dates, PERIOD: name}), period == name)
        for said, name in zip(words, OF_CREATED, strict=True)
    ]
    is_default = not start and not end and period in ("", THIS_TERM)
    this_term = with_changes(query, no_dates, has_default=has_default)
    found.append((gettext("This term"), this_term, is_default))
    found.append((gettext("All"), all_address(query), start == BEGINNING.isoformat() and not end))
    return found


def range_words(start: str, end: str) -> str:
    """A range as an upstream was asked for it: `3 Nov 2025 – 22 Nov 2026 14:02:11`."""
    if not start:
        first = gettext("Current term")
    elif start[:10] <= BEGINNING.isoformat():
        first = gettext("Whole history")
    else:
        first = _words(start)
    last = _words(end) if end else gettext("now")
    return f"{first} – {last}"


def _words(text: str) -> str:
    moment = parse_instant(text)
    if moment is None:
        return text
    if len(text) == len("2026-01-31") or (moment.hour, moment.minute, moment.second) == (0, 0, 0):
        return brief_day(moment)
    if (moment.hour, moment.minute, moment.second) == (23, 59, 59):
        return gettext("%(day)s (end of day)") % {"day": brief_day(moment)}
    return f"{brief_day(moment)} {moment:%H:%M:%S}"


def _sent(start: str, end: str) -> str:
    if not start or not end:
        return start or end
    return gettext("%(start)s to %(end)s") % {"start": start, "end": end}
