"""Where a reader is in a longer list, and the ways on: what `components/pager.html` draws."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page
from django.http import QueryDict
from django.utils.translation import gettext

from orders.presentation.numbers import grouped
from orders.views.shared.query_strings import with_changes


@dataclass(frozen=True)
class Pager:
    """`sizes` are (rows a page, address) for a reader who may choose; `size` is the one in force."""

    position: str
    label: str
    previous_address: str = ""
    next_address: str = ""
    sizes: Sequence[tuple[int, str]] = ()
    size: int = 0


def numbered_pager(
    page: Page[Any], query: QueryDict, *, sizes: Sequence[tuple[int, str]] = (), size: int = 0
) -> Pager:
    """The pager of a list of our own, whose pages have numbers: parameter `page`."""
    total = page.paginator.count
    where = {
        "first": grouped(page.start_index()),
        "last": grouped(page.end_index()),
        "total": grouped(total),
    }
    return Pager(
        position=(
            gettext("Showing %(first)s–%(last)s of %(total)s") % where if total else gettext("Showing 0 of 0")
        ),
        label=gettext("Pages"),
        previous_address=with_changes(query, {"page": page.number - 1}) if page.has_previous() else "",
        next_address=with_changes(query, {"page": page.number + 1}) if page.has_next() else "",
        sizes=sizes,
        size=size,
    )


def offset_pager(query: QueryDict, offset: int, limit: int, *, shown: int, total: int) -> Pager:
    """The pager of a list of our own that goes by `offset` and `limit`; `shown` are on this page.

    From behind the end it leads to the last page.
    """
    last = offset + shown
    where = {
        "first": grouped(offset + 1 if shown else 0),
        "last": grouped(last),
        "total": grouped(total),
    }
    return Pager(
        position=gettext("Showing %(first)s–%(last)s of %(total)s") % where,
        label=gettext("Pages"),
        previous_address=with_changes(query, {"offset": max(0, min(offset, total) - limit) or None})
        if offset
        else "",
        next_address=with_changes(query, {"offset": last}) if shown and last < total else "",
    )
