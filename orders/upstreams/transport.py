"""The one door to the network: nothing else imports `requests`, no exception of it gets out.

`Sender` sends one HTTP request within a time limit. `Transport` makes a call of it: credentials,
identifiers, retries, one deadline for everything, and an error named by its cause.
"""

import logging
import os
import random
import ssl
import time
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any
from uuid import uuid4
from weakref import WeakSet

import msgspec
import requests
from requests.adapters import HTTPAdapter
from requests.utils import DEFAULT_CA_BUNDLE_PATH
from urllib3.connectionpool import HTTPConnectionPool

from orders.domain.errors import (
    BadAnswer,
    BadRequest,
    CircuitOpen,
    NotConfigured,
    NotFound,
    OutOfRange,
    UpstreamError,
)
from orders.domain.exchanges import Exchange
from orders.domain.redaction import Redactor
from orders.upstreams import addresses
from orders.upstreams.base import Answer, Parameters, Problem
from orders.upstreams.bodies import take
from orders.upstreams.breaker import Breaker
from orders.upstreams.calls import Call, Means, TokenSource
from orders.upstreams.dialling import GuardedHTTPPool, GuardedHTTPSPool
from orders.upstreams.failures import silence_for
from orders.upstreams.verdicts import Outcome, Silence
from orders.upstreams.watchdog import Guard

logger = logging.getLogger("orders.upstreams")

# urllib3's messages hold whole addresses with their queries, some even as warnings. A filter stays
# whatever the logging configuration says about levels and propagation.
for _part in ("connection", "connectionpool", "poolmanager", "response", "util.retry"):
    logging.getLogger(f"urllib3.{_part}").addFilter(lambda _: False)

_POOL_SIZE = 32
# What a person's input or an earlier failure explains is no news.
_NO_NEWS = (BadRequest, OutOfRange, NotFound, NotConfigured, CircuitOpen)


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """Times in seconds, `max_body` in bytes after decompression.

    `read_timeout` bounds one silence, `deadline` a whole call: token, attempts, waits and bodies.
    """

    connect_timeout: float = 3.0
    read_timeout: float = 6.0
    deadline: float = 8.0
    max_body: int = 32 * 2**20
    attempts: int = 3


class _Adapter(HTTPAdapter):
    """Requests' adapter over watched connections, with one TLS context for all of them.

    There are few hosts, always checked, and no proxies: so a host's pool is found by its origin alone. Of
    the answer nothing is needed but its raw form. Both saves a third of what a request costs.
    """

    def __init__(self, ca_file: str) -> None:
        self._ca_file = ca_file
        self._by_origin: dict[str, HTTPConnectionPool] = {}
        super().__init__(pool_connections=8, pool_maxsize=_POOL_SIZE, max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, ssl_context=_tls_context(self._ca_file), **kwargs)
        self.poolmanager.pool_classes_by_scheme = {
            "http": GuardedHTTPPool,
            "https": GuardedHTTPSPool,
        }

    def get_connection_with_tls_context(
        self, request: Any, verify: Any, proxies: Any = None, cert: Any = None
    ) -> HTTPConnectionPool:
        origin, _ = _split(request.url)
        pool = self._by_origin.get(origin)
        if pool is None:
            pool = self._by_origin[origin] = self.poolmanager.connection_from_url(origin)
        return pool

    def request_url(self, request: Any, proxies: Any) -> str:
        return _split(request.url)[1]

    def build_response(self, req: Any, resp: Any) -> requests.Response:
        response = requests.Response()
        response.raw = resp
        return response

    def close(self) -> None:
        self._by_origin.clear()
        super().close()

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        # The context has its certificates already; requests would load them for each connection.
        conn.cert_reqs = "CERT_REQUIRED"


def _split(url: str) -> tuple[str, str]:
    """`https://host:port`, and what follows it, which begins with a slash."""
    start = url.index("://") + 3
    end = min((at for at in (url.find("/", start), url.find("?", start)) if at >= 0), default=len(url))
    target = url[end:]
    return url[:end], target if target.startswith("/") else f"/{target}"


@cache
def _tls_context(ca_file: str) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=ca_file or DEFAULT_CA_BUNDLE_PATH)


class Sender:
    """Sends single HTTP requests over kept-alive connections; for all threads, fresh after a fork.

    It uses requests' adapter without its `Session`: no environment, `.netrc`, cookies, redirects or
    proxies can have a say then, and a redirect's body isn't read without bounds.
    """

    def __init__(self, *, ca_file: str = "") -> None:
        self._ca_file = ca_file
        self.start_afresh()
        _senders.add(self)

    def start_afresh(self) -> None:
        """Leave all connections alone and begin with none: they are the parent process's."""
        self._pools = _Adapter(self._ca_file)

    def send(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str],
        body: bytes | None = None,
        budget: float,
        limits: Limits,
    ) -> Outcome:
        """One request and its whole answer, within `budget` seconds. Raises nothing."""
        request = requests.PreparedRequest()
        # Filled by hand: `prepare` would rewrite the address, and costs more than the rest
        # together.
        request.method, request.url, request.body = method, url, body
        length = {} if body is None else {"Content-Length": str(len(body))}
        request.headers = {**headers, **length}  # type: ignore[assignment]  # a dict will do
        timeout = (
            min(limits.connect_timeout, budget),
            min(limits.read_timeout, budget + 0.1),
        )
        outcome: Outcome
        with Guard(time.monotonic() + budget) as guard:
            try:
                response = self._pools.send(request, stream=True, timeout=timeout)
                outcome = take(response.raw, limits.max_body)
            # Everything that goes wrong in there is the upstream's or the network's doing.
            except Exception as error:
                outcome = silence_for(error)
        if guard.expired:
            return Silence("deadline", "no complete answer before the deadline")
        if isinstance(outcome, Silence) and outcome.outcome == "reset" and guard.reused:
            return msgspec.structs.replace(outcome, was_stale=True)
        return outcome

    def close(self) -> None:
        """Close the idle connections; the sender can still be used."""
        # Requests' own `close` leaves that to the garbage collector.
        pools = self._pools.poolmanager.pools
        for key in pools.keys():  # noqa: SIM118  (it is no dict)
            pools[key].close()
        self._pools.close()


_senders: WeakSet[Sender] = WeakSet()


def _start_afresh() -> None:
    for sender in list(_senders):
        sender.start_afresh()


# Two processes must not talk over one socket.
os.register_at_fork(after_in_child=_start_afresh)


class Transport:
    """Asks one upstream, for all threads. Raises `UpstreamError` alone, and logs each once."""

    def __init__(
        self,
        *,
        source: str,
        base_url: str,
        tokens: TokenSource,
        limits: Limits,
        redactor: Redactor,
        breaker: Breaker,
        read_problem: Callable[[int, bytes], Problem],
        headers: Mapping[str, str] | None = None,
        observe: Callable[[Exchange, str], None] = lambda exchange, cause: None,
        sender: Sender | None = None,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], float] = time.monotonic,
        jitter: Callable[[], float] = random.random,
        new_id: Callable[[], str] = lambda: str(uuid4()),
    ) -> None:
        """Raises `ValueError`, without the value, for a base URL or header that cannot be sent.

        `observe` is told of each call's end: what was said, and the error's cause or nothing.
        """
        self._base_url = addresses.check_base_url(base_url)
        self._limits = limits
        self._breaker = breaker
        self._observe = observe
        self._sender = sender if sender is not None else Sender()
        all_headers = {
            "User-Agent": "orders-portal",
            "Accept": "application/json",
            "Accept-Encoding": "gzip",
            "Content-Type": "application/json",
            **(headers or {}),
        }
        for name, value in all_headers.items():
            addresses.check_header(name, value)
        self._means = Means(
            source=source,
            tokens=tokens,
            redactor=redactor,
            headers=all_headers,
            attempts=limits.attempts,
            send=self._send,
            read_problem=read_problem,
            sleep=sleep,
            now=now,
            jitter=jitter,
            new_id=new_id,
        )

    def get(
        self,
        path: str,
        params: Parameters = (),
        *,
        correlation_id: str = "",
        deadline: float | None = None,
        display_path: str = "",
    ) -> Answer:
        """The whole body of a 200, or an `UpstreamError`; either with what was said on the way.

        `path` is percent-encoded and follows the base URL; `display_path` stands for it in the
        exchange. `correlation_id` is that of an earlier call which got no answer. `deadline` is an
        instant of `time.monotonic` which several calls may share; the transport's own holds anyway.
        """
        ends_at = self._means.now() + self._limits.deadline
        call = Call(
            self._means,
            path=display_path or path,
            params=params,
            deadline=ends_at if deadline is None else min(deadline, ends_at),
        )
        result = self._result(call, path, params, correlation_id)
        self._observe(call.exchange, "" if isinstance(result, Answer) else result.cause)
        if isinstance(result, Answer):
            return result
        # Raised here, far from the frames and exceptions that knew tokens and addresses.
        raise _logged(result)

    def bad_answer(self, answer: Answer, detail: str) -> BadAnswer:
        """For an adapter to raise where a complete answer makes no sense; `detail` is its word."""
        error = BadAnswer(
            source=self._means.source,
            exchange=answer.exchange,
            status=200,
            detail=detail,
        )
        _logged(error)
        return error

    def _result(
        self, call: Call, path: str, params: Parameters, correlation_id: str
    ) -> Answer | UpstreamError:
        source = self._means.source
        try:
            addresses.check_path(path)
            query = addresses.query_string(params)
        except (ValueError, TypeError):
            detail = "not asked, because the address cannot be sent safely"
            return BadRequest(source=source, exchange=call.exchange, detail=detail)
        if not self._means.tokens.configured:
            return NotConfigured(source=source, exchange=call.exchange)
        if not call.has_time:
            return call.out_of_time()
        try:
            permit = self._breaker.admit()
        except CircuitOpen as error:
            error.exchange = call.exchange
            return error.with_traceback(None)
        url = f"{self._base_url}{path}?{query}" if query else self._base_url + path
        cause = "bad-answer"  # which tells the breaker nothing, should there be no result at all
        try:
            result = call.result(url, correlation_id)
            cause = "" if isinstance(result, Answer) else result.cause
        finally:
            self._breaker.record(permit, cause)
        return result

    def _send(self, url: str, headers: Mapping[str, str], seconds: float) -> Outcome:
        return self._sender.send("GET", url, headers=headers, budget=seconds, limits=self._limits)


def _logged(error: UpstreamError) -> UpstreamError:
    level = logging.INFO if isinstance(error, _NO_NEWS) else logging.WARNING
    logger.log(level, "%s", error)
    return error
