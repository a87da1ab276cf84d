"""Reads the many exceptions of the HTTP libraries as one of a few outcomes, in words safe to show.

Their own texts are never used: they hold addresses, queries and header values.
"""

import http.client
import ssl
from collections.abc import Iterator

from urllib3 import exceptions

from orders.upstreams.http.retry_policy import NoResponse

_CLOSED = (ConnectionError, ssl.SSLEOFError, ssl.SSLZeroReturnError)


def no_response_for(error: BaseException, *, in_body: bool = False) -> NoResponse:
    """What an exception means. `in_body`: status and headers had already come."""
    causes = tuple(_causes(error))

    def is_any(*kinds: type[BaseException]) -> bool:
        return any(isinstance(cause, kinds) for cause in causes)

    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            detail = f"its TLS certificate could not be verified ({cause.verify_message})"
            return NoResponse("refused", detail, may_repeat=False)
        if isinstance(cause, OSError) and str(cause).startswith("Tunnel connection failed: "):
            return NoResponse("refused", "the outward proxy let nothing through", may_repeat=False)
    if is_any(exceptions.ProxyError):
        return NoResponse("refused", "the outward proxy could not be reached")
    if is_any(exceptions.NameResolutionError):
        return NoResponse("refused", "its host name could not be resolved")
    if is_any(exceptions.NewConnectionError):
        return NoResponse("refused", "the connection was refused")
    if is_any(exceptions.ConnectTimeoutError):
        return NoResponse("timeout", "no connection in time")
    if is_any(TimeoutError, exceptions.ReadTimeoutError):
        return NoResponse("timeout", "the answer stopped coming" if in_body else "no answer in time")
    if in_body:
        return NoResponse("unreadable", "the answer was cut short")
    if is_any(*_CLOSED):
        return NoResponse("reset", "the connection was closed without an answer")
    if is_any(ssl.SSLError, exceptions.SSLError):
        return NoResponse("refused", "no TLS connection could be made")
    if is_any(http.client.HTTPException, exceptions.InvalidHeader, ValueError):
        return NoResponse("unreadable", "what came is not an HTTP answer", may_repeat=False)
    return NoResponse("reset", "the connection failed")


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The exception and everything it wraps, in whichever of the four ways."""
    waiting: list[object] = [error]
    seen: set[int] = set()
    while waiting and len(seen) < 50:
        one = waiting.pop()
        if not isinstance(one, BaseException) or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        waiting += [
            *one.args,
            getattr(one, "reason", None),
            one.__cause__,
            one.__context__,
        ]
