"""What the portal sends to somebody who is no upstream: one POST, through the same door to the network."""

from functools import cache

from django.conf import settings

from orders.upstreams.http.retry_policy import Response
from orders.upstreams.http.sender import Limits, Sender

_LIMITS = Limits(connect_timeout=3.0, read_timeout=5.0, deadline=8.0, max_body=64 * 2**10)


def post(address: str, body: bytes, headers: dict[str, str]) -> str:
    """`ok` where it was taken (2xx), else why not: the status, or what happened. No redirect is followed."""
    given = {"Content-Type": "application/json", "User-Agent": "orders-portal", **headers}
    outcome = _sender(settings.UPSTREAM_CA_FILE, settings.UPSTREAM_PROXY).send(
        "POST", address, headers=given, body=body, budget=_LIMITS.deadline, limits=_LIMITS
    )
    if not isinstance(outcome, Response):
        return outcome.outcome
    return "ok" if 200 <= outcome.status < 300 else str(outcome.status)


@cache
def _sender(ca_file: str, proxy: str) -> Sender:
    return Sender(ca_file=ca_file, proxy=proxy)
