"""django-tables2 over one upstream page: its columns, headings, order and paging; our own body.

The stock body costs seven times a hand-written loop, because it looks up attributes and signatures for
every cell. The rows here are complete when they arrive, so the body is joined in one pass.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, ClassVar

import django_tables2 as tables
from django.core.paginator import Page, Paginator
from django.http import QueryDict
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext
from django_tables2.data import TableData

from orders.domain.identifiers import is_identifier
from orders.domain.line_agreement import lines_disagree
from orders.domain.results import LineRow, OrderRow, ResultPage
from orders.domain.selection import SORT_KEYS
from orders.presentation import formatters
from orders.presentation.columns import LINE_COLUMNS, ORDER_COLUMNS, Column
from orders.presentation.columns.base import YIELDS
from orders.presentation.filtersets.parameters import AT, OF
from orders.presentation.markup import escaped, markup
from orders.presentation.texts.cell_texts import one_language

Drawer = Callable[[Any], Any]

# A list page stays below a megabyte, whatever an upstream sends: 100 rows of 8 such cells, and the links
# of a row carry no longer query than this.
_LONGEST_LIST_CELL = 600  # of HTML, in which a character may take six
_LONGEST_LINE_CELL = 5_000
_KEPT = 80
_LONGEST_TRAIL = 1_500


class ResultData(TableData):
    """One page that an upstream (or the service) has already filtered, sorted and cut."""

    def __init__(self, page: ResultPage) -> None:
        super().__init__(list(page.rows))
        self.page = page

    def __len__(self) -> int:
        total = self.page.total_count
        return len(self.data) if total is None else total

    def __getitem__(self, key: Any) -> Any:
        return self.data  # the paginator slices once, and this is the slice

    @property
    def ordering(self) -> tuple[str, ...] | None:
        return (self.page.ordering,) if self.page.ordering else None

    def order_by(self, aliases: Any) -> None:
        if tuple(aliases) not in ((), (self.page.ordering,)):
            raise ValueError("rows come in the order the service gave them")


class ResultPaginator(Paginator):  # type: ignore[type-arg]  # not generic at run time
    """Pages by offset, as the upstream does; an offset need not be a multiple of the limit."""

    def page(self, number: Any) -> "ResultPageOfTable":
        return ResultPageOfTable(self.object_list[0:0], number, self)


class ResultPageOfTable(Page):  # type: ignore[type-arg]  # not generic at run time
    @property
    def result(self) -> ResultPage:
        table: Any = self.paginator.object_list
        result: ResultPage = table.data.page
        return result

    def has_next(self) -> bool:
        return self.result.has_next

    def has_previous(self) -> bool:
        return self.result.offset > 0

    def start_index(self) -> int:
        return self.result.first

    def end_index(self) -> int:
        return self.result.last


class PreparedTable(tables.Table):
    """A table whose columns come from a registry and whose body is joined in Python."""

    def __init__(
        self,
        columns: Sequence[Column[Any]],
        data: Any,
        *,
        drawers: dict[str, Drawer] | None = None,
        sort_addresses: Mapping[str, str] | None = None,
        **kwargs: Any,
    ) -> None:
        self.registered = columns
        self.drawers = drawers or {}
        self._addresses = addresses = sort_addresses or {}
        super().__init__(
            data,
            extra_columns=[
                (
                    column.name,
                    tables.Column(
                        verbose_name=column.heading_text,
                        accessor=column.name,
                        orderable=column.name in addresses,
                        attrs={
                            "th": {"class": column.cell_style},
                            "a": {"href": addresses.get(column.name, "")},
                        },
                    ),
                )
                for column in columns
            ],
            **kwargs,
        )

    longest_cell: ClassVar[int]

    @property
    def applied_ordering(self) -> str:
        """The column by which the rows came, with `-` where it falls; empty where none is known."""
        return ""

    def row_attributes(self, row: Any) -> SafeString:
        raise TypeError("each table names its rows")

    def rest_of(self, row: Any) -> SafeString:
        """Where the rest of a cell stands that was too long for the table."""
        raise TypeError("each table knows where its rows stand in full")

    @property
    def head(self) -> SafeString:
        """All `<th>` elements, with where they sort by their columns."""
        # Escaped heading by heading; what is joined here are our own tags and those headings.
        return SafeString("\n".join(map(self._heading, self.registered)))

    def _heading(self, column: Column[Any]) -> SafeString:
        words, address = capfirst(column.heading_text), self._addresses.get(column.name, "")
        if address:
            words = markup('<a href="{}">{}</a>', address, words)
        sort = {column.name: "ascending", f"-{column.name}": "descending"}.get(self.applied_ordering)
        is_sorted = markup(' aria-sort="{}"', sort) if sort else SafeString("")
        return markup('<th scope="col" class="{}"{}>{}</th>', column.cell_style, is_sorted, words)

    @property
    def body(self) -> SafeString:
        """All `<tr>` elements. Every cell passes through `escaped`, once."""
        shape = [(*_tags(column), self._drawer(column), column) for column in self.registered]
        # Escaped cell by cell; what is joined here are our own tags and those cells.
        rows = self.data.data
        before = [None, *rows]
        with one_language():
            drawn = [
                self.heading_before(row, before[i]) + self._row(row, shape) for i, row in enumerate(rows)
            ]
        return SafeString("\n".join(drawn))

    def heading_before(self, row: Any, previous: Any) -> str:
        """A row of its own where another part of the list begins; most tables have one part."""
        return ""

    def _row(self, row: Any, shape: Sequence[tuple[str, str, Drawer, Column[Any]]]) -> str:
        longest = self.longest_cell
        drawn = [
            (tag, blank, cell if len(cell := escaped(draw(row))) <= longest else self._shortened(column, row))
            for tag, blank, draw, column in shape
        ]
        if self.ticked_column is not None:
            tag, blank, cell = drawn[self.ticked_column]
            drawn[self.ticked_column] = (f"{tag}{self.tick_box(row)}", blank, cell)
        joined = "".join([f"{tag}{cell}</td>" if cell else blank for tag, blank, cell in drawn])
        return f"<tr {self.row_attributes(row)}>{joined}</tr>"

    ticked_column: int | None = None  # whose cells begin with a tick box

    def tick_box(self, row: Any) -> str:
        raise TypeError("each table that has tick boxes draws them")

    def _shortened(self, column: Column[Any], row: Any) -> SafeString:
        """The beginning of the cell's value, since the HTML of a cell can't be cut."""
        kept = self.longest_cell // _LONGEST_LIST_CELL * _KEPT
        return markup("{}… {}", formatters.plain(column.value(row))[:kept], self.rest_of(row))

    def _drawer(self, column: Column[Any]) -> Drawer:
        return self.drawers.get(column.name) or column.cell or column.draw


def _tags(column: Column[Any]) -> tuple[str, str]:
    """How a cell begins, and a blank one whole, which needs no class but its turn to yield."""
    begin = f'<td class="{column.cell_style}">' if column.cell_style else "<td>"
    return begin, f'<td class="{YIELDS[column.yields]}"></td>' if column.yields else "<td></td>"


class OrderTable(PreparedTable):
    """A page of orders. `trail` is the list's own query, which each link carries to lead back."""

    longest_cell = _LONGEST_LIST_CELL

    class Meta:
        attrs = {"class": "orders"}

    @classmethod
    def for_page(
        cls,
        page: ResultPage,
        columns: Iterable[str],
        *,
        trail: str = "",
        sortable: bool = False,
        part_of: Callable[[OrderRow], str] | None = None,
        selects: bool = False,
    ) -> "OrderTable":
        """`part_of` names the part of the list that a row stands in; each part gets a heading. A table that
        `selects` belongs to a form with the ID `selection`.
        """
        table = cls(
            [ORDER_COLUMNS[name] for name in columns],
            ResultData(page),
            drawers={"orderId": partial(formatters.order_link, trail=_trails(page, trail))},
            sort_addresses=_sort_addresses(trail, page.ordering) if sortable else None,
            order_by_field="sort",
        )
        table.part_of = part_of
        names = [column.name for column in table.registered]
        table.ticked_column = names.index("orderId") if selects and "orderId" in names else None
        table._box = _box(gettext("Select order %(id)s"))
        table._places = set()
        number = page.offset // page.limit + 1
        table.paginate(paginator_class=ResultPaginator, page=number, per_page=page.limit)
        return table

    part_of: Callable[[OrderRow], str] | None = None
    _box: str  # a row's tick box, wanting the order's ID twice
    _places: set[str]  # of rows that a way back leads to

    def heading_before(self, row: OrderRow, previous: OrderRow | None) -> str:
        part = self.part_of(row) if self.part_of else ""
        if not self.part_of or (previous is not None and self.part_of(previous) == part):
            return ""
        return markup('<tr class="group"><td colspan="{}">{}</td></tr>\n', len(self.registered), part)

    def tick_box(self, row: OrderRow) -> str:
        """Only what can be said in an address can be selected."""
        order_id = row.order.order_id
        return self._box % (order_id, order_id) if is_identifier(order_id) else ""

    @property
    def applied_ordering(self) -> str:
        ordering: str = self.page.result.ordering
        return ordering

    def row_attributes(self, row: OrderRow) -> SafeString:
        name = row.order.order_id[:_KEPT]
        hook = markup('data-order-id="{}"', name)
        if name not in self._places:  # an upstream may send an order twice, and a page has a place once
            self._places.add(name)
            hook = markup('{} id="order-{}"', hook, name)
        return markup('{} data-lines="mixed"', hook) if lines_disagree(row.order) else hook

    def rest_of(self, row: OrderRow) -> SafeString:
        address = formatters.order_address(row.source, row.customer_id, row.order.order_id)
        words = gettext("more") if address else gettext("(more)")
        return markup('<a href="{}">{}</a>', address, words) if address else markup("{}", words)


def _box(words: str) -> str:
    """`words` name it, with `%(id)s` for the order's ID, which has no character that HTML minds."""
    named = str(escape(words)).replace("%(id)s", "%s")
    return (
        f'<input class="tick" type="checkbox" form="selection" name="order" value="%s" aria-label="{named}">'
    )


def _trails(page: ResultPage, trail: str) -> Callable[[OrderRow], str]:
    """What the link of each row carries: the list's own query, and where in the result the row stands."""
    if len(trail) > _LONGEST_TRAIL:
        return lambda row: ""
    if page.total_count is None or page.lost:  # one that could not be read has a place, too
        return lambda row: trail
    beside, of = f"{trail}&" if trail else "", page.total_count
    places = {id(row): place for place, row in enumerate(page.rows, page.offset + 1)}
    return lambda row: f"{beside}{AT}={places[id(row)]}&{OF}={of}"


def _sort_addresses(trail: str, ordering: str) -> dict[str, str]:
    """Where each heading leads: sorted by its column, the other way round if it already is; from the top."""
    found = {}
    for name in SORT_KEYS:
        query = QueryDict(trail, mutable=True)
        query.pop("offset", None)
        query["sort"] = f"-{name}" if ordering == name else name
        found[name] = f"?{query.urlencode()}"
    return found


class LineTable(PreparedTable):
    """The line items of one order."""

    longest_cell = _LONGEST_LINE_CELL

    class Meta:
        attrs = {"class": "orders lines"}
        orderable = False

    @classmethod
    def for_lines(cls, rows: Sequence[LineRow], columns: Sequence[str]) -> "LineTable":
        return cls([LINE_COLUMNS[name] for name in columns], list(rows))

    def row_attributes(self, row: LineRow) -> SafeString:
        return markup('data-line="{}"', (row.line.number or row.line.line_id)[:_KEPT])

    def rest_of(self, row: LineRow) -> SafeString:
        return markup('<span class="muted">{}</span>', gettext("[the rest is in the raw JSON]"))
