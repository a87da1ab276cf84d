"""The plain-text block that an agent pastes into a ticket for the upstream's support.

It holds identifiers, times and codes; never a token, and no personal data.
"""

from collections.abc import Sequence
from urllib.parse import urlencode

from orders.domain.errors import UpstreamError
from orders.domain.exchanges import Exchange
from orders.domain.instants import zulu
from orders.domain.masking import mask_text


def escalation_text(
    *, label: str, exchange: Exchange, page: str, error: UpstreamError | None = None, meaning: str = ""
) -> str:
    """What was asked, when, what came back and means (in our words), and every attempt's identifiers."""
    query = f"?{urlencode(exchange.query)}" if exchange.query else ""
    lines = [
        f"Upstream: {label}",
        f"Asked: {exchange.method} {exchange.path}{query}",
        f"At: {zulu(exchange.started_at) if exchange.started_at else 'not asked'}",
        f"Outcome: {_outcome(exchange, error)}",
    ]
    if meaning:
        lines.append(f"Meaning: {meaning}.")
    if error is not None and error.vendor_code:
        lines.append(f"Vendor code: {error.vendor_code}")
    if error is not None and error.vendor_message:
        lines.append(f"Vendor message: {error.vendor_message}")
    lines += _attempt_lines(exchange)
    if exchange.upstream_request_id:
        lines.append(f"Request ID echoed by the upstream: {exchange.upstream_request_id}")
    lines.append(f"Page: {page}")
    return mask_text("\n".join(lines))


def _outcome(exchange: Exchange, error: UpstreamError | None) -> str:
    status = f"HTTP {exchange.status}" if exchange.status is not None else "no answer"
    return status if error is None else f"{error.cause} ({status})"


def _attempt_lines(exchange: Exchange) -> Sequence[str]:
    return [
        f"Attempt {number}: request {attempt.request_id}, correlation {attempt.correlation_id}, "
        + (f"HTTP {attempt.status}" if attempt.status is not None else attempt.outcome)
        + f", {attempt.duration * 1000:.0f} ms"
        for number, attempt in enumerate(exchange.attempts, 1)
    ]
