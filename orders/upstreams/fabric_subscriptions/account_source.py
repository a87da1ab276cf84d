"""fabric as a source of who a customer is and what they own, by the two calls that are safe for it."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar

from orders.domain.customers import FetchedCustomer, FetchedSubscriptions
from orders.domain.errors import BadRequest, NotFound, UpstreamError
from orders.upstreams.answer_matching import Foreign
from orders.upstreams.base import Answer
from orders.upstreams.fabric_subscriptions.parse import Refused
from orders.upstreams.fabric_subscriptions.parse_account import parse_customer, parse_subscriptions
from orders.upstreams.fabric_subscriptions.request_parameters import (
    PAGE_SIZE,
    SUBSCRIPTIONS,
    customer_path,
)
from orders.upstreams.reading.decoding import Unreadable
from orders.upstreams.reading.error_bodies import shown
from orders.upstreams.upstream_client import UpstreamClient

_Read = TypeVar("_Read")


class FabricAccounts:
    """Asks over `transport`."""

    def __init__(self, transport: UpstreamClient) -> None:
        self._transport = transport

    def get_customer(
        self, customer_id: str, *, deadline: float | None = None, correlation_id: str = ""
    ) -> FetchedCustomer:
        answer = self._transport.get(
            customer_path(customer_id),
            customer_id=customer_id,
            correlation_id=correlation_id,
            deadline=deadline,
        )
        customer = self._read(answer, lambda body: parse_customer(body, customer_id))
        return FetchedCustomer(customer=customer, exchange=answer.exchange)

    def list_subscriptions(
        self, customer_id: str, *, deadline: float | None = None, correlation_id: str = ""
    ) -> FetchedSubscriptions:
        """The search is said to find a customer's ID; that it does is not promised, so it is held against
        each row. Where it found others too, the customer's own may stand on a page that was not asked for.
        """
        answer = self._transport.get(
            SUBSCRIPTIONS,
            [("search", customer_id), ("limit", str(PAGE_SIZE))],
            customer_id=customer_id,
            correlation_id=correlation_id,
            deadline=deadline,
        )
        today = datetime.now(UTC).date()
        parsed = self._read(answer, lambda body: parse_subscriptions(body, customer_id, today))
        is_part = parsed.strangers > 0 or (parsed.total is not None and parsed.total > parsed.received)
        return FetchedSubscriptions(
            subscriptions=parsed.subscriptions,
            exchange=answer.exchange,
            total_count=None if is_part else len(parsed.subscriptions) + parsed.lost,
            lost=parsed.lost,
            may_be_part=is_part,
            unreadable=parsed.unreadable,
        )

    def _read(self, answer: Answer, read: Callable[[bytes], _Read]) -> _Read:
        try:
            return read(answer.body)
        except Refused as refused:
            raise self._refusal(answer, refused) from None
        except Unreadable as unreadable:
            raise self._transport.bad_answer(answer, unreadable.detail) from None
        except Foreign as foreign:
            raise self._transport.foreign_answer(answer, foreign.detail) from None

    def _refusal(self, answer: Answer, refused: Refused) -> UpstreamError:
        """HTTP 200 with a status of its own in it."""
        kind = {"not-found": NotFound, "bad-request": BadRequest}.get(refused.problem.cause)
        if kind is None:
            return self._transport.bad_answer(answer, refused.detail)
        return kind(
            source=answer.exchange.source,
            exchange=answer.exchange,
            status=200,
            vendor_code=shown(refused.problem.code),
            vendor_message=shown(refused.problem.message),
        )
