"""An order's lines, a page at a time: nearly every order has one page, and some have thousands of lines."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext

from orders.domain.orders import Line
from orders.presentation.numbers import grouped
from orders.views.shared.given import number_in
from orders.views.shared.query_strings import with_changes

LINES_A_PAGE = 100
# Of the order's own address; not to be taken for filters of the list it leads back to.
LINE_PARTS = ("lines-offset", "cancelling-offset")


@dataclass(frozen=True)
class LinePage:
    """The lines shown; and a pager: where they stand among all, and the pages beside them."""

    shown: Sequence[Line]
    offset: int
    total: int
    label: str
    previous_address: str
    next_address: str
    sizes: Sequence[tuple[int, str]] = ()
    size: int = 0

    @property
    def position(self) -> str:
        """`101–200 of 50,000`; the number alone where all are shown."""
        if len(self.shown) == self.total:
            return grouped(self.total)
        return gettext("%(first)s–%(last)s of %(total)s") % {
            "first": grouped(self.offset + 1),
            "last": grouped(self.offset + len(self.shown)),
            "total": grouped(self.total),
        }

    @property
    def scope(self) -> str:
        """What a table about these lines covers, where that is not all of them."""
        return gettext("of the lines shown") if self.is_part else ""

    @property
    def is_part(self) -> bool:
        return len(self.shown) < self.total


def line_page(query: QueryDict, parameter: str, lines: Sequence[Line], label: str) -> LinePage:
    """The page that `parameter` names: the first for what is no number, the last for one behind the end."""
    total = len(lines)
    last = max(0, total - 1) // LINES_A_PAGE * LINES_A_PAGE
    offset = min(number_in(query.get(parameter, "")) or 0, last)

    def address(start: int) -> str:
        return with_changes(query, {parameter: start or None})

    return LinePage(
        shown=lines[offset : offset + LINES_A_PAGE],
        offset=offset,
        total=total,
        label=label,
        previous_address=address(max(0, offset - LINES_A_PAGE)) if offset else "",
        next_address=address(offset + LINES_A_PAGE) if offset + LINES_A_PAGE < total else "",
    )
