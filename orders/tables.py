"""django-tables2 over one upstream page: its columns, headings, order and paging; our own body.

The stock body costs seven times a hand-written loop, because it looks up attributes and signatures for
every cell. The rows here are complete when they arrive, so the body is joined in one pass.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import django_tables2 as tables
from django.core.paginator import Page, Paginator
from django.utils.safestring import SafeString
from django_tables2.data import TableData

from orders import cells
from orders.columns import LINE_COLUMNS, ORDER_COLUMNS, Column
from orders.domain.results import LineRow, OrderRow, ResultPage
from orders.domain.selection import SORT_KEYS
from orders.markup import escaped, markup

Drawer = Callable[[Any], Any]


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
        sortable: frozenset[str] = frozenset(),
        **kwargs: Any,
    ) -> None:
        self.registered = columns
        self.drawers = drawers or {}
        super().__init__(
            data,
            extra_columns=[
                (
                    column.name,
                    tables.Column(
                        verbose_name=column.heading,
                        accessor=column.name,
                        orderable=column.name in sortable,
                        attrs={"th": {"class": column.style}},
                    ),
                )
                for column in columns
            ],
            **kwargs,
        )

    def row_attributes(self, row: Any) -> SafeString:
        raise TypeError("each table names its rows")

    @property
    def body(self) -> SafeString:
        """All `<tr>` elements. Every cell passes through `escaped`, once."""
        shape = [
            (f'<td class="{column.style}">' if column.style else "<td>", self._drawer(column))
            for column in self.registered
        ]
        # Escaped cell by cell; what is joined here are our own tags and those cells.
        return SafeString("\n".join([self._row(row, shape) for row in self.data.data]))

    def _row(self, row: Any, shape: Sequence[tuple[str, Drawer]]) -> str:
        drawn = [(tag, escaped(draw(row))) for tag, draw in shape]
        joined = "".join([f"{tag}{cell}</td>" if cell else "<td></td>" for tag, cell in drawn])
        return f"<tr {self.row_attributes(row)}>{joined}</tr>"

    def _drawer(self, column: Column[Any]) -> Drawer:
        return self.drawers.get(column.name) or column.cell or column.draw


class OrderTable(PreparedTable):
    """A page of orders. `trail` is the list's own query, which each link carries to lead back."""

    class Meta:
        attrs = {"class": "orders"}

    @classmethod
    def for_page(
        cls, page: ResultPage, columns: Sequence[str], *, trail: str = "", sortable: bool = False
    ) -> "OrderTable":
        table = cls(
            [ORDER_COLUMNS[name] for name in columns],
            ResultData(page),
            drawers={"orderId": partial(cells.order_link, trail=trail)},
            sortable=frozenset(SORT_KEYS) if sortable else frozenset(),
            order_by_field="sort",
        )
        number = page.offset // page.limit + 1
        table.paginate(paginator_class=ResultPaginator, page=number, per_page=page.limit)
        return table

    def row_attributes(self, row: OrderRow) -> SafeString:
        return markup('data-order-id="{}"', row.order.order_id)


class LineTable(PreparedTable):
    """The line items of one order."""

    class Meta:
        attrs = {"class": "orders lines"}
        orderable = False

    @classmethod
    def for_lines(cls, rows: Sequence[LineRow], columns: Sequence[str]) -> "LineTable":
        return cls([LINE_COLUMNS[name] for name in columns], list(rows))

    def row_attributes(self, row: LineRow) -> SafeString:
        return markup('data-line="{}"', row.line.number or row.line.line_id)
