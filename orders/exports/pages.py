"""One page of a result as a file needs it: cells, and what the walk has to know."""

from collections.abc import Callable, Sequence
from itertools import chain, repeat

import msgspec

from orders import services
from orders.domain.errors import BadAnswer, OutOfRange
from orders.domain.queries import Window
from orders.domain.results import LineRow, OrderRow, ResultPage
from orders.domain.rights import Rights
from orders.exports.values import Cell, CellMaker, csv_cells, workbook_cells
from orders.exports.wanted import Wanted

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

    `rights` are the owner's, as they were a moment ago; whoever makes the file keeps them fresh.
    """

    def __init__(self, wanted: Wanted, rights: Rights) -> None:
        self.rights = rights
        self._wanted = wanted
        cells: CellMaker = workbook_cells if wanted.format == "xlsx" else csv_cells
        self._builders = [_builder(wanted, sheet, cells) for sheet in wanted.sheets]
        self.pages_upstream = services.describe(wanted.source).pages_upstream

    def __call__(self, offset: int) -> Page:
        """The page that begins at `offset`; an empty one behind the end of the result."""
        window = Window(offset, LONGEST_PAGE if self.pages_upstream else _EVERYTHING)
        wanted = self._wanted
        try:
            page = services.page_for_file(
                rights=self.rights,
                source=wanted.source,
                customer_id=wanted.customer_id,
                query=wanted.query,
                window=window,
            )
        except OutOfRange as nothing:
            # Should it claim more than ever came, then the file must not pass for complete.
            return Page(
                offset=offset, received=0, total=nothing.claimed_count, step=LONGEST_PAGE, has_next=False
            )
        if page.offset != offset:
            detail = f"asked for the orders after {offset}, got those after {page.offset}"
            raise BadAnswer(source=wanted.source, exchange=page.exchange, status=200, detail=detail)
        return self._page(page)

    def _page(self, page: ResultPage) -> Page:
        return Page(
            offset=page.offset,
            received=len(page.rows) + page.lost,
            # What was filtered here was counted here, without what could not be read.
            total=page.total_count if self.pages_upstream else len(page.rows) + page.lost,
            step=min(page.limit, LONGEST_PAGE),
            has_next=page.has_next,
            ids=tuple([row.order.order_id for row in page.rows]),
            parts=tuple([build(page.rows) for build in self._builders]),
            lost=page.lost,
            notices=page.notices,
            withheld=None if page.is_complete else (page.unfiltered_count or 0, page.known_total or 0),
            searched_from=page.searched_from,
            searched_to=page.searched_to,
        )


def _builder(wanted: Wanted, sheet: str, cells: CellMaker) -> Builder:
    """Column by column, because that is how Python is quick at it."""
    columns = wanted.columns_of(sheet)

    def orders(rows: Sequence[OrderRow]) -> SheetPart:
        return SheetPart([cells(list(map(column.value, rows))) for column in columns], [1] * len(rows))

    def lines(rows: Sequence[OrderRow]) -> SheetPart:
        each = [LineRow(parent=row, line=line) for row in rows for line in row.order.lines]
        sizes = [len(row.order.lines) for row in rows]
        return SheetPart(
            [
                list(chain.from_iterable(map(repeat, cells(list(map(column.order_value, rows))), sizes)))
                if column.order_value
                else cells(list(map(column.value, each)))
                for column in columns
            ],
            sizes,
        )

    return orders if sheet == "orders" else lines
