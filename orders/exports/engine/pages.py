"""One page of a result as a file needs it: cells, and what whoever fetches pages has to know."""

from collections.abc import Callable, Sequence
from itertools import chain, repeat
from typing import Any

import msgspec

from orders import services
from orders.domain.errors import BadAnswer, OutOfRange
from orders.domain.granted_rights import Rights
from orders.domain.queries import PageRequest
from orders.domain.result_pages import wanted_here
from orders.domain.results import LineRow, OrderRow, ResultPage
from orders.domain.selection import select
from orders.exports.engine.cell_values import Cell
from orders.exports.engine.formats import FileFormat
from orders.exports.engine.unreadable_values import Loss, blank_unreadable
from orders.exports.specification import ExportSpec
from orders.presentation.columns import Column

LONGEST_PAGE = 100  # orders; the most that Adobe gives
_EVERYTHING = 10**9


class SheetPart(msgspec.Struct, frozen=True, gc=False):
    """What a page adds to one sheet: cells column by column, and how many rows each order has."""

    columns: list[list[Cell]]
    rows_of: list[int]


class Page(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Orders after the first `offset`, with a part for each sheet of the file.

    `received` counts what the upstream sent, `lost` those of it that could not be read. `total` is what
    it says the whole result has. `step` is how many orders it gives at a time.
    """

    offset: int
    received: int
    total: int | None
    step: int
    has_next: bool
    ids: tuple[str, ...] = ()
    parts: tuple[SheetPart, ...] = ()
    lost: int = 0
    unreadable: tuple[Loss, ...] = ()  # values: the position of their order, and their column
    notices: tuple[str, ...] = ()  # the upstream's own words on what it did not send
    withheld: tuple[int, int] | None = None  # sent, and how many exist, where more do
    searched_from: str = ""
    searched_to: str = ""

    @property
    def next_offset(self) -> int:
        """Advance by what was received: a page may be shorter than asked for, or longer."""
        return self.offset + self.received

    @property
    def is_last(self) -> bool:
        return not self.has_next if self.total is None else self.next_offset >= self.total


Builder = Callable[[Sequence[OrderRow]], SheetPart]


class Reader:
    """Asks for pages of one result; safe to call from several threads. Raises `UpstreamError`.

    `rights` gives the owner's, as they were a moment ago; whoever makes the file keeps them fresh.
    """

    def __init__(self, spec: ExportSpec, rights: Callable[[], Rights]) -> None:
        self._rights = rights
        self._spec = spec
        self.pages_upstream = spec.description.pages_upstream
        # What the upstream can't choose by is chosen here, row by row: a file has the whole result.
        here = wanted_here(spec.query, spec.description) if self.pages_upstream else {}
        blank = type(spec.query)()
        self._asked = msgspec.structs.replace(spec.query, **{name: getattr(blank, name) for name in here})
        self._columns = [(sheet, spec.columns_of(sheet)) for sheet in spec.sheets]
        self._builders = [
            _builder(sheet, columns, spec.file_format, here) for sheet, columns in self._columns
        ]

    def __call__(self, offset: int) -> Page:
        """The page that begins at `offset`; an empty one behind the end of the result."""
        spec = self._spec
        try:
            page = services.page_for_file(
                rights=self._rights(),
                source=spec.source,
                customer_id=spec.customer_id,
                query=self._asked,
                page_request=PageRequest(offset, LONGEST_PAGE if self.pages_upstream else _EVERYTHING),
                is_revealed=bool(spec.reason),
            )
        except OutOfRange as nothing:
            # Should it claim more than ever came, then the file must not pass for complete.
            return Page(
                offset=offset, received=0, total=nothing.claimed_count, step=LONGEST_PAGE, has_next=False
            )
        if page.offset != offset:
            detail = f"asked for the orders after {offset}, got those after {page.offset}"
            raise BadAnswer(source=spec.source, exchange=page.exchange, status=200, detail=detail)
        return self._page(page)

    def _page(self, page: ResultPage) -> Page:
        parts = tuple([build(page.rows) for build in self._builders])
        return Page(
            offset=page.offset,
            received=len(page.rows) + page.lost,
            # What was filtered here was counted here, without what could not be read.
            total=page.total_count if self.pages_upstream else len(page.rows) + page.lost,
            step=min(page.limit, LONGEST_PAGE),
            has_next=page.has_next,
            ids=tuple([row.order.order_id for row in page.rows]),
            parts=parts,
            lost=page.lost,
            unreadable=self._blanked(page, parts) if page.unreadable else (),
            notices=page.notices,
            withheld=None if page.is_complete else (page.unfiltered_count or 0, page.known_total or 0),
            searched_from=page.searched_from,
            searched_to=page.searched_to,
        )

    def _blanked(self, page: ResultPage, parts: Sequence[SheetPart]) -> tuple[Loss, ...]:
        (blank,) = self._spec.file_format.cells([None])
        sheets = [
            (sheet, columns, part.columns, part.rows_of)
            for (sheet, columns), part in zip(self._columns, parts, strict=True)
        ]
        return blank_unreadable(page.rows, sheets, blank)


def _builder(
    sheet: str, columns: Sequence[Column[Any]], file_format: FileFormat, here: dict[str, Any]
) -> Builder:
    """Column by column, because that is how Python is quick at it.

    Orders that don't match what is wanted `here` have no rows; they still count as received.
    """
    cells = file_format.cells

    def chosen(rows: Sequence[OrderRow]) -> Sequence[OrderRow]:
        return select(rows, here) if here else rows

    def orders(received: Sequence[OrderRow]) -> SheetPart:
        rows = chosen(received)
        sizes = [1] * len(rows) if rows is received else _sizes(received, rows, lambda row: 1)
        return SheetPart([cells(list(map(column.value, rows))) for column in columns], sizes)

    def lines(received: Sequence[OrderRow]) -> SheetPart:
        rows = chosen(received)
        each = [line for row in rows for line in _lines_of(row)]
        sizes = [_line_count(row) for row in rows]
        return SheetPart(
            [
                list(chain.from_iterable(map(repeat, cells(list(map(column.order_value, rows))), sizes)))
                if column.order_value
                else cells(list(map(column.value, each)))
                for column in columns
            ],
            sizes if rows is received else _sizes(received, rows, lambda row: len(row.order.lines)),
        )

    return orders if sheet == "orders" else lines


def _lines_of(row: OrderRow) -> list[LineRow]:
    """What was ordered, and then what that cancels."""
    found = [LineRow(parent=row, line=line) for line in row.order.lines]
    if row.order.cancelling_lines:
        found += [LineRow(parent=row, line=line, is_cancelled=True) for line in row.order.cancelling_lines]
    return found


def _line_count(row: OrderRow) -> int:
    return len(row.order.lines) + len(row.order.cancelling_lines)


def _sizes(
    received: Sequence[OrderRow], rows: Sequence[OrderRow], size: Callable[[OrderRow], int]
) -> list[int]:
    """How many rows of the file each order received has: none where it isn't among the chosen `rows`."""
    chosen = set(map(id, rows))
    return [size(row) if id(row) in chosen else 0 for row in received]
