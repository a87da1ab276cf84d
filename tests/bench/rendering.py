"""The history page's table and the page itself against a hand-written loop and stock django-tables2."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from unittest import mock

from django.contrib.auth import get_user_model
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.http import HttpRequest
from django.template.loader import get_template
from django.test import RequestFactory

from orders import services
from orders.domain.exchanges import Attempt, Exchange
from orders.domain.results import OrderRow, ResultPage
from orders.domain.retry_status import retry_status
from orders.presentation.tables import OrderTable
from orders.upstreams.adobe_vip_marketplace.parse import parse_page
from orders.views.history.history import HistoryView
from tests.bench.figures import cpu_ms
from tests.bench.parsing import ADOBE_CUSTOMER
from tests.bench.payloads import TOTAL, adobe_page
from tests.bench.rivals import HEADINGS, Loop, StockTable

_AS_HTMX = {"hx-request": "true", "hx-target": "main"}


@dataclass(frozen=True)
class Ratios:
    """CPU milliseconds of ours and of each rival, for so many rows."""

    rows: int
    table: float
    loop: float
    stock: float
    page: float
    loop_page: float
    part: float

    def __str__(self) -> str:
        table, page = self.table, self.page
        return (
            f"  {self.rows:3} rows, table: {table:6.2f} ms = {table / self.loop:.2f}× the template loop's "
            f"{self.loop:.2f} ms, {self.stock / table:.1f}× faster than stock django-tables2's "
            f"{self.stock:.1f} ms\n"
            f"  {self.rows:3} rows, page:  {page:6.2f} ms = {page / self.loop_page:.2f}× the loop's page, "
            f"{self.loop_page:.2f} ms; what htmx swaps of it alone: {self.part:.2f} ms = "
            f"{self.part / page:.2f}× the page"
        )


def result_page(rows: int) -> ResultPage:
    """One page as the service gives it, of the orders that the bench's upstream sends."""
    now = datetime.now(UTC)
    parsed = parse_page(adobe_page(ADOBE_CUSTOMER, limit=rows))
    attempt = Attempt(request_id="r" * 36, correlation_id="c" * 36, started_at=now, duration=0.05, status=200)
    return ResultPage(
        rows=tuple(
            OrderRow(
                source="adobe",
                customer_id=ADOBE_CUSTOMER,
                order=order,
                retry_status=retry_status(order, now=now),
            )
            for order in parsed.orders
        ),
        total_count=TOTAL,
        offset=0,
        limit=rows,
        has_next=True,
        exchange=Exchange(
            source="adobe",
            method="GET",
            path=f"/v3/customers/{ADOBE_CUSTOMER}/orders",
            query=(("limit", str(rows)), ("offset", "0")),
            attempts=(attempt,),
            duration=0.05,
            started_at=now,
        ),
        fetched_at=now,
        ordering="-creationDate",
    )


def _request(rows: int, **headers: str) -> HttpRequest:
    address = f"/adobe/customers/{ADOBE_CUSTOMER}/orders/?limit={rows}"
    request: Any = RequestFactory(headers=headers).get(address)
    request.user = get_user_model()(
        pk=1, username="bench", first_name="Dana", last_name="Reyes", is_superuser=True
    )
    request.session = SessionStore()
    return request  # type: ignore[no-any-return]  # a request with a person


class Bench:
    """Everything that draws one page of `rows` orders, each kind as a method without arguments."""

    def __init__(self, rows: int) -> None:
        self.request = _request(rows)
        self.part_request = _request(rows, **_AS_HTMX)
        self.result = result_page(rows)
        self.description = services.describe("adobe")
        self.rivals = Loop()
        self.view = HistoryView.as_view()
        self.lean_template = get_template("orders/components/table_body.html")
        self.trail = self.request.GET.urlencode()

    def table(self) -> str:
        made = OrderTable.for_page(self.result, self.description.columns, trail=self.trail)
        return self.lean_template.render({"table": made, "caption": "Orders"}, self.request)

    def loop(self) -> str:
        drawn: str = self.rivals.table.render(self._loop_context(), self.request)
        return drawn

    def stock(self) -> str:
        drawn: str = StockTable(list(self.result.rows)).as_html(self.request)
        return drawn

    def page(self) -> str:
        """The whole view; `measure` keeps it away from its upstream and its database."""
        return self._drawn(self.request)

    def _drawn(self, request: HttpRequest) -> str:
        response: Any = self.view(request, source="adobe", customer_id=ADOBE_CUSTOMER)
        drawn: str = response.content.decode()
        return drawn

    def part(self) -> str:
        """The same view as htmx asks for it."""
        return self._drawn(self.part_request)

    def loop_page(self) -> str:
        context = {
            **self._loop_context(),
            "page": self.result,
            "customer_id": ADOBE_CUSTOMER,
            "statuses": [(term.code, term.word) for term in self.description.statuses.values()],
            "order_types": [(term.code, term.word) for term in self.description.order_types.values()],
            "chosen": self.request.GET.getlist("status") + self.request.GET.getlist("order-type"),
        }
        drawn: str = self.rivals.page.render(context, self.request)
        return drawn

    def _loop_context(self) -> dict[str, Any]:
        return {
            "rows": self.result.rows,
            "headings": HEADINGS,
            "caption": "Orders",
            "trail": self.trail,
        }


def measure(rows: int, *, rounds: int) -> Ratios:
    bench = Bench(rows)
    kinds = ("table", "loop", "stock", "page", "loop_page", "part")
    with mock.patch.object(services, "list_orders", return_value=bench.result):
        ms = cpu_ms({kind: getattr(bench, kind) for kind in kinds}, rounds=rounds)
    return Ratios(rows=rows, **ms)
