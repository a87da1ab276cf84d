"""The only file that knows every upstream: its description, and how to make it ready to be asked."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Literal, NamedTuple

from django.conf import settings
from django.core.cache import cache as shared_cache
from django.utils.encoding import force_bytes

from orders import metrics
from orders.domain.descriptions import Description
from orders.domain.redaction import process_redactor
from orders.upstreams.adobe_vip_marketplace import AdobeVipMarketplace
from orders.upstreams.adobe_vip_marketplace import read_problem as read_adobe_problem
from orders.upstreams.base import OrderSource, Problem
from orders.upstreams.breaker import Breaker, Health
from orders.upstreams.calls import TokenSource
from orders.upstreams.fabric_subscriptions import FabricSubscriptions
from orders.upstreams.fabric_subscriptions import read_problem as read_fabric_problem
from orders.upstreams.token_service import TokenService
from orders.upstreams.tokens import ClientCredentials, FixedToken, NoCredentials
from orders.upstreams.transport import Limits, Transport


class Upstream(NamedTuple):
    """One entry: the class that speaks its language, and how its token service wants to be asked."""

    source_class: Callable[[Transport], OrderSource]
    description: Description
    read_problem: Callable[[int, bytes], Problem]
    secret_in: Literal["body", "basic"]
    scope: str = ""  # where the settings have none
    headers: Callable[[Mapping[str, Any]], dict[str, str]] = lambda given: {}


UPSTREAMS: dict[str, Upstream] = {
    "adobe": Upstream(
        AdobeVipMarketplace,
        AdobeVipMarketplace.description,
        read_adobe_problem,
        secret_in="body",
        # The client ID doubles as the API key, so that one of the two is enough.
        headers=lambda given: {"X-Api-Key": given["api_key"] or given["client_id"]},
    ),
    "fabric": Upstream(
        # One page may take several calls; they share the time of one.
        lambda transport: FabricSubscriptions(transport, budget=_limits().deadline),
        FabricSubscriptions.description,
        read_fabric_problem,
        secret_in="basic",
        scope="s2s",
    ),
}


def names() -> list[str]:
    return list(UPSTREAMS)


def describe(name: str) -> Description:
    """KeyError where no upstream has that name."""
    return UPSTREAMS[name].description


@cache
def connect(name: str) -> OrderSource:
    """The upstream, ready to be asked: one per process, shared by its threads."""
    return UPSTREAMS[name].source_class(_transport(name))


def is_configured(name: str) -> bool:
    return _tokens(name).configured


def health(name: str) -> Health:
    """What the calls of all workers have shown of late; asks nothing."""
    return _breaker(name).health()


def forget_connections() -> None:
    """Read the settings anew at the next call (they change only in tests)."""
    for made in (connect, _transport, _tokens, _breaker):
        made.cache_clear()


@cache
def _transport(name: str) -> Transport:
    upstream, given = UPSTREAMS[name], settings.UPSTREAMS[name]
    return Transport(
        source=name,
        base_url=given["base_url"],
        tokens=_tokens(name),
        limits=_limits(),
        redactor=process_redactor(),
        breaker=_breaker(name),
        headers={key: value for key, value in upstream.headers(given).items() if value},
        read_problem=upstream.read_problem,
        observe=metrics.count_call,
    )


def _limits() -> Limits:
    given = settings.UPSTREAM_LIMITS
    return Limits(
        connect_timeout=given["connect_timeout"],
        read_timeout=given["read_timeout"],
        deadline=given["deadline"],
        max_body=int(given["max_body"]),
    )


@cache
def _breaker(name: str) -> Breaker:
    return Breaker(shared_cache, source=name)


@cache
def _tokens(name: str) -> TokenSource:
    """What the settings give: a fixed token, else client credentials, else nothing."""
    upstream, given, redactor = UPSTREAMS[name], settings.UPSTREAMS[name], process_redactor()
    for secret in (given["client_secret"], *upstream.headers(given).values()):
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
        scope=given.get("scopes") or upstream.scope,
        secret_in=upstream.secret_in,
        limits=_limits(),
        redactor=redactor,
    )
    return ClientCredentials(
        service=service,
        redactor=redactor,
        cache=shared_cache,
        key=force_bytes(settings.SECRET_KEY),
    )
