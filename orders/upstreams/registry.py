"""How each upstream is made ready to be asked. What it takes stands in its manifest."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache, partial
from time import monotonic
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.cache import cache as shared_cache
from django.utils.encoding import force_bytes

from orders.domain.call_history import Slot
from orders.domain.exchanges import Exchange
from orders.domain.redaction import process_redactor
from orders.domain.urgency import Urgency
from orders.infrastructure import metrics, secret_files
from orders.infrastructure.shared_counts import DatabaseCounts
from orders.upstreams.base import AccountSource, FamilySource, OrderSource, ProductSource, ResellerSource
from orders.upstreams.catalogue import MANIFESTS
from orders.upstreams.credentials.token_service import TokenService
from orders.upstreams.credentials.tokens import ClientCredentials, FixedToken, NoCredentials
from orders.upstreams.held_places import HeldPlaces
from orders.upstreams.http.bulkhead import Place
from orders.upstreams.http.calls import TokenSource
from orders.upstreams.http.circuit_breaker import CircuitBreaker, Health
from orders.upstreams.http.client_rate import ClientRate, Counts
from orders.upstreams.http.last_hour import LastHour
from orders.upstreams.http.retry_quota import RetryQuota
from orders.upstreams.http.sender import Limits, Sender
from orders.upstreams.http.shared_state import SharedState
from orders.upstreams.http.transport import Transport

_seen_version = 0


def connect(name: str) -> OrderSource[Any]:
    """The upstream, ready to be asked: one per process, shared by its threads, until a secret changes."""
    global _seen_version
    version = secret_files.version()
    if version != _seen_version:
        _seen_version = version
        forget_connections()
    return _connected(name)


def connect_accounts(name: str) -> AccountSource:
    """The same, of an upstream whose description says that it tells of customers; `LookupError` of others."""
    source = connect(name)
    if not isinstance(source, AccountSource):
        raise LookupError(f"{name} tells nothing of customers")
    return source


def connect_family(name: str) -> FamilySource:
    """The same, of an upstream whose orders name each other; `LookupError` of others."""
    source = connect(name)
    if not isinstance(source, FamilySource):
        raise LookupError(f"orders of {name} name no others")
    return source


def connect_products(name: str) -> ProductSource:
    """The same, of an upstream that lists what it sells; `LookupError` of others."""
    source = connect(name)
    if not isinstance(source, ProductSource):
        raise LookupError(f"{name} has no price list")
    return source


def connect_resellers(name: str) -> ResellerSource:
    """The same, of an upstream that knows resellers; `LookupError` of others."""
    source = connect(name)
    if not isinstance(source, ResellerSource):
        raise LookupError(f"{name} knows no resellers")
    return source


@cache
def _connected(name: str) -> OrderSource[Any]:
    return MANIFESTS[name].source(_transport(name), _limits().deadline)


def is_configured(name: str) -> bool:
    return _tokens(name).configured


def health(name: str) -> Health:
    """What the calls of all workers have shown of late; asks nothing."""
    return _breaker(name).health()


@contextmanager
def place(name: str) -> Iterator[Place]:
    """A page's place at the upstream: for calls of this thread, or to wait for somebody else's; or `Busy`."""
    until = monotonic() + settings.UPSTREAM_LIMITS["deadline"]
    with _bulkhead(name).place(Urgency.PAGE, until) as held:
        yield held


def last_hour(name: str) -> Sequence[Slot]:
    """The calls of all workers in steps of five minutes; asks nothing."""
    return _last_hour(name).slots()


def forget_connections() -> None:
    """Read the settings anew at the next call."""
    for made in (_connected, _transport, _tokens, _breaker, _bulkhead, _rate, _last_hour):
        made.cache_clear()


@cache
def _transport(name: str) -> Transport:
    manifest, given = MANIFESTS[name], settings.UPSTREAMS[name]
    return Transport(
        source=name,
        base_url=given["base_url"],
        tokens=_tokens(name),
        limits=_limits(),
        redactor=process_redactor(),
        breaker=_breaker(name),
        bulkhead=_bulkhead(name),
        rate=_rate(name),
        quota=RetryQuota(_counts(f"upstream-retries:{name}:")),
        sender=_sender(),
        headers={key: value for key, value in manifest.headers(given).items() if value},
        read_problem=manifest.read_problem,
        reading_posts=manifest.reading_posts,
        observe=partial(_observe, name),
        observe_foreign=metrics.count_foreign_answer,
    )


def _limits() -> Limits:
    given = settings.UPSTREAM_LIMITS
    return Limits(
        connect_timeout=given["connect_timeout"],
        read_timeout=given["read_timeout"],
        deadline=given["deadline"],
        max_body=int(given["max_body"]),
    )


def _sender() -> Sender:
    proxy = settings.UPSTREAM_PROXY
    if password := unquote(urlsplit(proxy).password or ""):
        process_redactor().add(password, lasting=True)
    return Sender(ca_file=settings.UPSTREAM_CA_FILE, proxy=proxy)


@cache
def _breaker(name: str) -> CircuitBreaker:
    return CircuitBreaker(shared_cache, source=name)


def _observe(name: str, exchange: Exchange, cause: str) -> None:
    metrics.count_call(exchange, cause)
    _last_hour(name).note(exchange, cause)


@cache
def _last_hour(name: str) -> LastHour:
    return LastHour(SharedState(shared_cache, prefix=f"upstream-hour:{name}:"))


@cache
def _bulkhead(name: str) -> HeldPlaces:
    return HeldPlaces(name, places=settings.UPSTREAM_IN_FLIGHT, observe=metrics.Calls())


@cache
def _rate(name: str) -> ClientRate | None:
    rate = settings.UPSTREAM_RATE.get(name, 0)
    if not rate:
        return None
    return ClientRate(_counts(f"upstream-rate:{name}:"), rate, takes_ahead=settings.COUNTS_CALLS_IN_DATABASE)


def _counts(prefix: str) -> Counts:
    """What all processes count together: in the cache, where they share one, else in the database."""
    state = SharedState(shared_cache, prefix=prefix)
    return DatabaseCounts(prefix=prefix, meanwhile=state) if settings.COUNTS_CALLS_IN_DATABASE else state


@cache
def _tokens(name: str) -> TokenSource:
    """What the settings give: a fixed token, else client credentials, else nothing."""
    manifest, given, redactor = MANIFESTS[name], settings.UPSTREAMS[name], process_redactor()
    for secret in (given["client_secret"], *manifest.headers(given).values()):
        if secret:
            redactor.add(secret, lasting=True)
    if given["access_token"]:
        return FixedToken(given["access_token"], source=name, redactor=redactor)
    if not (given["client_id"] and given["client_secret"] and given["token_url"]):
        return NoCredentials(source=name)
    service = TokenService(
        source=name,
        url=given["token_url"],
        client_id=given["client_id"],
        client_secret=given["client_secret"],
        scope=given.get("scopes") or manifest.scope,
        secret_in=manifest.secret_in,
        limits=_limits(),
        sender=_sender(),
        redactor=redactor,
        observe_foreign=metrics.count_foreign_answer,
    )
    return ClientCredentials(
        service=service,
        redactor=redactor,
        cache=shared_cache,
        keys=[force_bytes(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)],
    )
