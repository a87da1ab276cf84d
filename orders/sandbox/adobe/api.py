"""Adobe's contract: who may ask, what a correlation ID is spent on, and the two order endpoints."""

import re
import threading
import uuid
from collections import OrderedDict
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from orders.sandbox import credentials
from orders.sandbox.adobe import context_api, customer_profiles
from orders.sandbox.adobe.account_pen import Pen
from orders.sandbox.adobe.accounts import account_of
from orders.sandbox.adobe.history import History, verbatim_rows
from orders.sandbox.adobe.large_book import LargeBook
from orders.sandbox.adobe.pricing import with_prices
from orders.sandbox.adobe.query import BadParameterError, HistoryQuery, page_links, read_query, select
from orders.sandbox.http.messages import Answer, Request, dump
from orders.sandbox.http.tokens import TokenDesk
from orders.sandbox.http.vendor_errors import adobe_error

PING = "/partnerservice/ping"
_CORRELATION_ID = re.compile(r"[\x21-\x7e]{1,128}")


class SpentIds:
    """Which correlation IDs have had their answer, and which request IDs were used."""

    def __init__(self, most_bytes: int = 64_000_000, most_ids: int = 50_000) -> None:
        self._most_bytes = most_bytes
        self._most_ids = most_ids
        self._lock = threading.Lock()
        self.clear()

    def clear(self) -> None:
        with self._lock:
            self._answers: OrderedDict[tuple[str, str], Answer] = OrderedDict()
            self._bytes = 0
            self._request_ids: OrderedDict[str, str] = OrderedDict()

    def replayed(self, request: Request) -> Answer | None:
        with self._lock:
            return self._answers.get(_intent(request))

    def is_duplicate(self, request: Request) -> bool:
        """Whether the request ID was used before, for another intent than this one."""
        request_id = request.headers.get("x-request-id", "")
        correlation_id = request.headers.get("x-correlation-id", "")
        with self._lock:
            return self._request_ids.get(request_id, correlation_id) != correlation_id

    def remember(self, request: Request, answer: Answer) -> None:
        request_id = request.headers.get("x-request-id", "")
        intent = _intent(request)
        correlation_id = intent[1]
        with self._lock:
            if request_id:
                self._request_ids.setdefault(request_id, correlation_id)
            spent = _valid(correlation_id) and answer.spends_the_correlation_id
            if spent and intent not in self._answers:
                self._answers[intent] = answer
                self._bytes += len(answer.body)
            while self._bytes > self._most_bytes:
                _, oldest = self._answers.popitem(last=False)
                self._bytes -= len(oldest.body)
            while len(self._request_ids) > self._most_ids:
                self._request_ids.popitem(last=False)


def _intent(request: Request) -> tuple[str, str]:
    """The query is left out on purpose: one ID for two pages of a list is a client's mistake."""
    return request.raw_path, request.headers.get("x-correlation-id", "")


def _valid(correlation_id: str) -> bool:
    return bool(_CORRELATION_ID.fullmatch(correlation_id))


class Adobe:
    def __init__(self, tokens: TokenDesk, now: Callable[[], datetime]) -> None:
        self.spent = SpentIds()
        self._tokens = tokens
        self._now = now
        self._added: dict[str, History] = {}
        self._cache: dict[str, tuple[datetime, History | None]] = {}
        self._large_book = LargeBook()
        self._moved: set[str] = set()
        self._lock = threading.Lock()

    def add_orders(self, customer_id: str, orders: Sequence[Any], term_start: datetime | None = None) -> None:
        now = self._now()
        with self._lock:
            before = self._added.get(customer_id)
            given = [row.order for row in before.rows] if before else []
            self._added[customer_id] = History(
                customer_id,
                term_start or (before.term_start if before else now - timedelta(days=365)),
                verbatim_rows([*given, *orders], now),
            )

    def forget_added(self) -> None:
        with self._lock:
            self._added.clear()
            self._moved.clear()

    def move(self, customer_id: str) -> None:
        """The customer goes to another partner: from now on nobody of ours, on every address."""
        self._moved.add(customer_id)

    @property
    def _today(self) -> datetime:
        return self._now().replace(hour=0, minute=0, second=0, microsecond=0)

    def account(self, customer_id: str) -> Pen | None:
        """The customer's account with its subscriptions, as of today's midnight."""
        return account_of(customer_id, self._today, self.history(customer_id))

    def history(self, customer_id: str) -> History | None:
        """The customer's orders; generated once a day, so that 'three days ago' stays true."""
        if customer_id in self._moved:
            return None
        added = self._added.get(customer_id)
        if added is not None:
            return added
        living = self._large_book.history(customer_id, self._now())
        if living is not None:
            return living
        today = self._today
        with self._lock:
            day, history = self._cache.get(customer_id, (None, None))
            if day != today:
                history = customer_profiles.generate(customer_id, today)
                self._cache[customer_id] = today, history
            return history

    def gateway_refusal(self, request: Request) -> Answer | None:
        key = request.headers.get("x-api-key", "")
        if key != credentials.ADOBE_API_KEY:
            return adobe_error(403, "4115")
        if request.path == PING:
            return None
        if not request.headers.get("authorization"):
            return adobe_error(403, "4117")
        if not self._tokens.accepts("adobe", request.bearer):
            return adobe_error(401, "4116")
        return None

    def refusal(self, request: Request) -> Answer | None:
        refused = self.gateway_refusal(request)
        if refused is not None or request.path == PING:
            return refused
        if not _valid(request.headers.get("x-correlation-id", "")):
            return adobe_error(400, "4119", invalid=["X-Correlation-Id"])
        if self.spent.is_duplicate(request):
            return adobe_error(400, "4120", invalid=["X-Request-Id"])
        return None

    def replay(self, request: Request) -> Answer | None:
        answer = self.spent.replayed(request)
        if answer is None or self.gateway_refusal(request) is not None:
            return None
        return answer

    def answer(self, request: Request) -> Answer:
        refused = self.refusal(request)
        if refused is not None:
            return refused
        if request.method == "POST" and request.path == context_api.PRICE_LIST:
            return context_api.price_page(request)
        if request.method != "GET":
            return adobe_error(405, "405", "The sandbox only reads").with_headers(Allow="GET")
        match request.segments:
            case ["partnerservice", "ping"]:
                return Answer(200, b"pong", "text/plain")
            case ["v3", "customers", customer_id, "orders"]:
                return self._history_page(request, customer_id)
            case ["v3", "customers", customer_id, "orders", order_id]:
                return self._details(request, customer_id, order_id)
        beside = context_api.answer(request, self.account, self._today)
        return beside if beside is not None else adobe_error(404, "404", "No such resource")

    def _history_page(self, request: Request, customer_id: str) -> Answer:
        history = self.history(customer_id)
        if history is None:
            return adobe_error(404, "1116")
        try:
            query = read_query(request)
        except BadParameterError as bad:
            return adobe_error(400, "1132", details=[f"Check {bad.name}"], invalid=[bad.name])
        rows = select(history, query, self._now())
        if query.offset > len(rows):
            return adobe_error(400, "1133", invalid=["offset"])
        page = rows[query.offset : query.offset + query.limit]
        if query.fetch_price:
            texts = [dump(with_prices(row, history)) for row in page]
        else:
            texts = [row.text for row in page]
        return Answer(200, _envelope(request, query, history, len(rows), texts).encode())

    def _details(self, request: Request, customer_id: str, order_id: str) -> Answer:
        history = self.history(customer_id)
        row = history.find(order_id) if history else None
        if history is None or row is None:
            return adobe_error(404, "2115")
        if request.value("fetch-price") == "true":
            return Answer(200, dump(with_prices(row, history)).encode())
        return Answer(200, row.text.encode())


def _envelope(request: Request, query: HistoryQuery, history: History, total: int, texts: list[str]) -> str:
    """The list's JSON, joined from rows that were serialised once and kept."""
    counters = {
        "totalCount": total,
        "count": len(texts),
        "offset": query.offset,
        "limit": query.limit,
    }
    rest = {"links": page_links(request, query, total, len(texts))} | history.envelope
    return f'{dump(counters)[:-1]},"items":[{",".join(texts)}],{dump(rest)[1:]}'


def request_id_of(request: Request) -> str:
    """The support reference on every answer: the caller's own, or one made here."""
    return request.headers.get("x-request-id") or str(uuid.uuid4())


def utc_now() -> datetime:
    return datetime.now(UTC)
