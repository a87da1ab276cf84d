"""Pieces that several sentences share: days, distances, quotations, and how sentences make a paragraph.

A sentence is always one whole message, so that a translator sees all of it. What is filled in are names,
numbers, days and quotations, never words of a sentence.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime

from django.utils.dateformat import format as format_date
from django.utils.functional import Promise
from django.utils.translation import pgettext

from orders.presentation.texts.cell_texts import gettext, ngettext

Text = str | Promise

# Farther away, a number of days helps nobody: a mistyped year gives millions of them.
_FAR = 400
_LONGEST_QUOTATION = 160


def paragraph(*sentences: Text) -> str:
    """Whole sentences, one after the other, blanks left out."""
    return " ".join([str(sentence) for sentence in sentences if sentence])


def day_of(moment: datetime, now: datetime) -> str:
    """`19 November`, or `19 November 2019` where it is not this year's; in UTC."""
    moment = moment.astimezone(UTC)
    if moment.year == now.astimezone(UTC).year:
        return format_date(moment, pgettext("date format", "j F"))
    return format_date(moment, pgettext("date format", "j F Y"))


def brief_day(moment: date) -> str:
    """`3 Nov 2025`: unambiguous, for headings and notices."""
    return format_date(moment, pgettext("date format", "j M Y"))


def on_day(moment: datetime, now: datetime) -> str:
    """`on Thursday 5 January, in 2 days`: a day as it is said of something that happens on it."""
    days = days_until(moment, now)
    values = {
        "weekday": format_date(moment.astimezone(UTC), "l"),
        "day": day_of(moment, now),
        "count": abs(days),
    }
    match days:
        case 0:
            return gettext("today, %(weekday)s %(day)s") % values
        case 1:
            return gettext("tomorrow, %(weekday)s %(day)s") % values
        case -1:
            return gettext("yesterday, %(weekday)s %(day)s") % values
    if abs(days) > _FAR:
        return gettext("on %(weekday)s %(day)s") % values
    if days > 0:
        return (
            ngettext(
                "on %(weekday)s %(day)s, in %(count)s day",
                "on %(weekday)s %(day)s, in %(count)s days",
                days,
            )
            % values
        )
    return (
        ngettext(
            "on %(weekday)s %(day)s, %(count)s day ago",
            "on %(weekday)s %(day)s, %(count)s days ago",
            -days,
        )
        % values
    )


def days_until(moment: datetime, now: datetime) -> int:
    """Whole days from today to the day of `moment`, both in UTC; negative where it is past."""
    return (moment.astimezone(UTC).date() - now.astimezone(UTC).date()).days


def distance(moment: datetime, now: datetime) -> str:
    """`in 2 days`, `3 hours ago`; nothing where it is too far away to mean anything."""
    seconds = (moment - now).total_seconds()
    size = abs(seconds)
    if size > _FAR * 86400:
        return ""
    if size >= 86400:
        count = round(size / 86400)
        if seconds > 0:
            return ngettext("in %(count)s day", "in %(count)s days", count) % {"count": count}
        return ngettext("%(count)s day ago", "%(count)s days ago", count) % {"count": count}
    if size >= 3600:
        count = round(size / 3600)
        if seconds > 0:
            return ngettext("in %(count)s hour", "in %(count)s hours", count) % {"count": count}
        return ngettext("%(count)s hour ago", "%(count)s hours ago", count) % {"count": count}
    if size >= 60:
        count = round(size / 60)
        if seconds > 0:
            return ngettext("in %(count)s minute", "in %(count)s minutes", count) % {"count": count}
        return ngettext("%(count)s minute ago", "%(count)s minutes ago", count) % {"count": count}
    return gettext("now")


def shortened(text: str) -> str:
    """An upstream's own words, fit to stand in quotation marks within a sentence of ours."""
    words = " ".join(text.split()).rstrip(".")
    return words if len(words) <= _LONGEST_QUOTATION else f"{words[: _LONGEST_QUOTATION - 1].rstrip()}…"


def clauses(parts: Iterable[str]) -> str:
    """`1 of 4 lines failed and 1 of 4 lines was returned`: one or more clauses as one."""
    *others, last = parts
    if not others:
        return last
    joined = others[0]
    for clause in others[1:]:
        joined = gettext("%(first)s, %(second)s") % {"first": joined, "second": clause}
    return gettext("%(first)s and %(second)s") % {"first": joined, "second": last}
