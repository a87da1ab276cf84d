"""The plain-text blocks that an agent pastes into a ticket for an upstream's support.

One is about a request that failed, one about an order that did. They hold identifiers, times and codes;
never a token, and no personal data, whoever reads them and whatever was revealed to them.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from urllib.parse import urlencode

from django.utils.translation import gettext, ngettext

from orders.domain.errors import UpstreamError
from orders.domain.exchanges import Attempt, Exchange
from orders.domain.granted_rights import Rights
from orders.domain.instants import zulu
from orders.domain.masking import mask_addresses, mask_order
from orders.domain.orders import Line, Order
from orders.domain.results import OrderRow
from orders.domain.terms import Term
from orders.presentation.texts import state_words
from orders.presentation.texts.line_texts import status_meaning_with_lines
from orders.presentation.texts.retry_texts import retry_words

# A ticket is read by a person; the page and the files have the rest.
_MOST_LINES = 50


def request_support_text(
    *, label: str, exchange: Exchange, page: str, error: UpstreamError | None = None, meaning: str = ""
) -> str:
    """What was asked, when, what came back and means (in our words), and every attempt's identifiers."""
    lines = [
        gettext("Upstream: %(label)s") % {"label": label},
        *_asked(exchange),
        gettext("Outcome: %(outcome)s") % {"outcome": _outcome(exchange, error)},
    ]
    if meaning:
        lines.append(gettext("Meaning: %(meaning)s.") % {"meaning": meaning})
    if error is not None and error.vendor_code:
        lines.append(gettext("Vendor code: %(code)s") % {"code": error.vendor_code})
    if error is not None and error.vendor_message:
        lines.append(gettext("Vendor message: %(message)s") % {"message": error.vendor_message})
    return _closed([*lines, *_identifiers(exchange)], page)


def order_support_text(*, label: str, row: OrderRow, exchange: Exchange, page: str) -> str:
    """What the order is, where it and each of its lines stand and why, when we asked, and with which IDs."""
    order = mask_order(row.order, Rights())
    facts = [
        (gettext("Upstream: %(value)s"), label),
        (gettext("Order: %(value)s"), order.order_id),
        (gettext("Customer: %(value)s"), row.customer_id),
        (gettext("Type: %(value)s"), _coded(order.order_type)),
        (gettext("Status: %(value)s"), _coded(order.status)),
        (gettext("Its lines: %(value)s"), status_meaning_with_lines(order)),
        (gettext("Deleted: %(value)s"), gettext("yes") if order.is_deleted else ""),
        (gettext("Error code: %(value)s"), order.failure.code if order.failure else ""),
        (gettext("Error message: %(value)s"), order.failure.message if order.failure else ""),
        (gettext("Retries: %(value)s"), retry_words(order, row.retry_status)),
        (gettext("Created: %(value)s"), zulu(order.created_at) if order.created_at else ""),
        (gettext("Scheduled: %(value)s"), zulu(order.scheduled_at) if order.scheduled_at else ""),
        (
            gettext("Status since: %(value)s"),
            zulu(order.status_updated_at) if order.status_updated_at else "",
        ),
        (gettext("Refers to order: %(value)s"), order.reference_order_id),
        (gettext("Our reference: %(value)s"), order.external_reference_id),
    ]
    lines = [words % {"value": value} for words, value in facts if value]
    return _closed([*lines, *_order_lines(order), *_asked(exchange), *_identifiers(exchange)], page)


def _closed(lines: Iterable[str], page: str) -> str:
    last = gettext("Page: %(page)s") % {"page": page}
    return "\n".join(map(mask_addresses, [*lines, last]))


def _coded(term: Term) -> str:
    """`1004 (Failed)`; the code alone where it says as much as our word for it."""
    word = state_words.word(term)
    if not term or word.casefold() == term.code.casefold():
        return term.code
    return gettext("%(code)s (%(word)s)") % {"code": term.code, "word": word}


def _order_lines(order: Order) -> Iterator[str]:
    for line in islice(order.lines, _MOST_LINES):
        yield _order_line(line)
        for promotion in islice(line.promotions, _MOST_LINES):
            yield gettext("Promotion %(code)s on line %(number)s: %(result)s") % {
                "code": promotion.code or promotion.promotion_id,
                "number": line.number or line.line_id,
                "result": _coded(promotion.result) or gettext("no result given"),
            }
    left = len(order.lines) - _MOST_LINES
    if left > 0:
        yield ngettext("and %(count)s more line", "and %(count)s more lines", left) % {"count": left}


def _order_line(line: Line) -> str:
    """`Line 2: offer 65304578CA01A12, quantity 12, status 1002 (Processing)`."""
    facts = [
        (gettext("offer %(value)s"), line.offer_id),
        (gettext("SKU %(value)s"), line.sku),
        (gettext("quantity %(value)s"), "" if line.quantity is None else str(line.quantity)),
        (gettext("status %(value)s"), _coded(line.status)),
        (gettext("subscription %(value)s"), line.subscription_id),
    ]
    return gettext("Line %(number)s: %(facts)s") % {
        "number": line.number or line.line_id,
        "facts": ", ".join([words % {"value": value} for words, value in facts if value]),
    }


def _asked(exchange: Exchange) -> Sequence[str]:
    query = f"?{urlencode(exchange.query)}" if exchange.query else ""
    at = zulu(exchange.started_at) if exchange.started_at else gettext("not asked")
    return [
        gettext("Asked: %(call)s") % {"call": f"{exchange.method} {exchange.path}{query}"},
        gettext("At: %(instant)s") % {"instant": at},
    ]


def _outcome(exchange: Exchange, error: UpstreamError | None) -> str:
    status = f"HTTP {exchange.status}" if exchange.status is not None else gettext("no answer")
    return status if error is None else f"{error.cause} ({status})"


def _identifiers(exchange: Exchange) -> Sequence[str]:
    lines = [_attempt(number, attempt) for number, attempt in enumerate(exchange.attempts, 1)]
    if exchange.upstream_request_id:
        lines.append(
            gettext("Request ID echoed by the upstream: %(request_id)s")
            % {"request_id": exchange.upstream_request_id}
        )
    return lines


def _attempt(number: int, attempt: Attempt) -> str:
    said = gettext(
        "Attempt %(number)s: request %(request_id)s, correlation %(correlation_id)s, %(outcome)s, %(ms).0f ms"
    )
    return said % {
        "number": number,
        "request_id": attempt.request_id,
        "correlation_id": attempt.correlation_id,
        "outcome": f"HTTP {attempt.status}" if attempt.status is not None else attempt.outcome,
        "ms": attempt.duration * 1000,
    }
