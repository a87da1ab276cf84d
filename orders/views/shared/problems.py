"""How wings tell scripts what went wrong; the one door to it, as `pages` is for pages."""

from orders.infrastructure.problems import Problem, answer, refusal
from orders.views.shared.failures import Failure
from orders.views.shared.requests import PortalRequest

__all__ = ["Problem", "answer", "problem_of", "refusal"]


def problem_of(request: PortalRequest, failure: Failure) -> Problem:
    """The same failure as its page shows it: our word first, and then what the upstream said."""
    error, exchange = failure.error, failure.exchange
    was_asked = exchange is not None and bool(exchange.attempts)
    may_go_on = "retry=" in failure.retry_address
    return Problem(
        title=failure.title,
        status=failure.status,
        cause=error.cause,
        detail=str(error),
        source=error.source,
        request_id=exchange.request_id if exchange is not None and was_asked else None,
        correlation_id=exchange.correlation_id if exchange is not None and was_asked else None,
        upstream_code=error.vendor_code or None,
        upstream_message=error.vendor_message or None,
        errors={error.parameter: [failure.title]} if error.parameter else {},
        retry=request.build_absolute_uri(request.path + failure.retry_address) if may_go_on else None,
    )
