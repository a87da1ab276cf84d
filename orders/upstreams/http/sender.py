"""The one door to the network: nothing else imports `requests`, and no exception of it gets out."""

import logging
import os
import ssl
import time
from collections.abc import Mapping
from functools import cache
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from weakref import WeakSet

import msgspec
import requests
from requests.adapters import HTTPAdapter
from requests.utils import DEFAULT_CA_BUNDLE_PATH

from orders.upstreams.http.bodies import take
from orders.upstreams.http.connections import GuardedHTTPPool, GuardedHTTPSPool
from orders.upstreams.http.deadlines import Guard
from orders.upstreams.http.network_failures import no_response_for
from orders.upstreams.http.retry_policy import NoResponse, Outcome

# urllib3's messages hold whole addresses with their queries, some even as warnings. A filter stays
# whatever the logging configuration says about levels and propagation.
for _part in ("connection", "connectionpool", "poolmanager", "response", "util.retry"):
    logging.getLogger(f"urllib3.{_part}").addFilter(lambda _: False)

_POOL_SIZE = 32
_POOLS = {"http": GuardedHTTPPool, "https": GuardedHTTPSPool}


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
    """Requests' own adapter over connections with a deadline, and one TLS context for all of them."""

    def __init__(self, ca_file: str) -> None:
        self._ca_file = ca_file
        super().__init__(pool_connections=8, pool_maxsize=_POOL_SIZE, max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, ssl_context=_tls_context(self._ca_file), **kwargs)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        manager = super().proxy_manager_for(proxy, ssl_context=_tls_context(self._ca_file), **kwargs)
        manager.pool_classes_by_scheme = _POOLS
        return manager

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        # The context has its certificates already; requests would read them anew for each connection.
        conn.cert_reqs = "CERT_REQUIRED"

    def close(self) -> None:
        # Requests' own `close` leaves the connections to the garbage collector.
        for manager in (self.poolmanager, *self.proxy_manager.values()):
            pools = manager.pools
            for key in pools.keys():  # noqa: SIM118  (it is no dict)
                pools[key].close()
        super().close()


class _Session(requests.Session):
    """A session in which nobody but the caller has a say: no environment, `.netrc` or cookie."""

    def __init__(self, ca_file: str, proxy: str) -> None:
        super().__init__()
        self.trust_env = False
        self.proxies = {"http": proxy, "https": proxy} if proxy else {}
        self.headers.clear()
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self.adapters.clear()
        adapter = _Adapter(ca_file)
        for scheme in ("https://", "http://"):
            self.mount(scheme, adapter)

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """None: requests would read a redirect's body, however long, even where it isn't followed."""
        return None


@cache
def _tls_context(ca_file: str) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=DEFAULT_CA_BUNDLE_PATH)
    if ca_file:
        context.load_verify_locations(ca_file)
    return context


class Sender:
    """Sends single HTTP requests over kept-alive connections; for all threads, fresh after a fork.

    `ca_file` holds certificate authorities that are believed beside the public ones. All requests go through
    `proxy`, an `http://` address, where there is one; to TLS it opens a tunnel and reads nothing.
    """

    def __init__(self, *, ca_file: str = "", proxy: str = "") -> None:
        self._ca_file = ca_file
        self._proxy = proxy
        self.start_afresh()
        _senders.add(self)

    def start_afresh(self) -> None:
        """Leave all connections alone and begin with none: they are the parent process's."""
        self._session = _Session(self._ca_file, self._proxy)

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
        timeout = (
            min(limits.connect_timeout, budget),
            min(limits.read_timeout, budget + 0.1),
        )
        session = self._session
        outcome: Outcome
        with Guard(time.monotonic() + budget) as guard:
            try:
                request = requests.Request(method, url, headers=dict(headers), data=body).prepare()
                request.url = url  # as it was checked: requests undoes escapes that it finds needless
                response = session.send(request, stream=True, timeout=timeout, allow_redirects=False)
                outcome = take(response.raw, limits.max_body)
            # Everything that goes wrong in there is the upstream's or the network's doing.
            except Exception as error:
                outcome = no_response_for(error)
        if guard.expired:
            return NoResponse("deadline", "no complete answer before the deadline")
        if isinstance(outcome, NoResponse) and outcome.outcome == "reset" and guard.reused:
            return msgspec.structs.replace(outcome, was_stale=True)
        return outcome

    def close(self) -> None:
        """Close the idle connections; the sender can still be used."""
        self._session.close()


_senders: WeakSet[Sender] = WeakSet()


def _start_afresh() -> None:
    for sender in list(_senders):
        sender.start_afresh()


# Two processes must not talk over one socket.
os.register_at_fork(after_in_child=_start_afresh)
