"""What is said of an order in trouble, and what to do about it."""

from datetime import UTC, datetime
from typing import Any

import pytest

from orders.domain.attention import advice, attention, retry_family, sentence
from orders.domain.orders import Failure, Order, Payment, Retry
from orders.domain.terms import Term

NOW = datetime(2023, 1, 3, 12, tzinfo=UTC)


def january(day: int, hour: int = 0) -> datetime:
    return datetime(2023, 1, day, hour, tzinfo=UTC)


def retry(
    used: int | None = 1, allowed: int | None = 3, days: int | None = 3, kind: str = "PAYMENT RETRY"
) -> Retry:
    return Retry(kind=Term(kind), used=used, allowed=allowed, days_between=days)


def an_order(status: str, **fields: Any) -> Order:
    return Order(order_id="63b2", status=Term(status), **fields)


DECLINED = Failure(code="140", message="Payment declined")


@pytest.mark.parametrize(
    ("kind", "family"),
    [
        ("PAYMENT RETRY", "payment"),
        ("payment_retry", "payment"),
        ("INTENTORY RETRY", "inventory"),
        ("INVENTORY_RETRY", "inventory"),
        ("GENERIC RETRY", "other"),
        ("", "other"),
    ],
)
def test_families(kind: str, family: str) -> None:
    assert retry_family(an_order("RETRY", retry=retry(kind=kind))) == family


def said(order: Order) -> tuple[str, str]:
    read = attention(order, now=NOW)
    return sentence(order, read, NOW), advice(order, read)


UPDATE_BEFORE = "Ask the customer to update the card before the next attempt."
UPDATE_AFTER = "Ask the customer to update the card; the order itself will not be retried."
LOOK_AGAIN = "Nothing yet: the order is being tried again. Look again in a few minutes."


@pytest.mark.parametrize(
    ("order", "sentence_and_advice"),
    [
        (
            an_order(
                "RETRY",
                retry=retry(1),
                failure=DECLINED,
                scheduled_at=january(5),
                status_updated_at=january(2),
            ),
            (
                "Payment declined (140). Retries used: 1 of 3. Next attempt Thu 5 Jan 2023 (in 2 days).",
                UPDATE_BEFORE,
            ),
        ),
        (
            an_order(
                "RETRY",
                retry=retry(1, days=2),
                failure=DECLINED,
                status_updated_at=january(2),
                payment=Payment(expiry="12/22"),
            ),
            (
                "Payment declined (140). Retries used: 1 of 3. "
                "Next attempt Wed 4 Jan 2023 (tomorrow), estimated.",
                f"The card on file has expired. {UPDATE_BEFORE}",
            ),
        ),
        (
            an_order("RETRY", retry=retry(0, None, kind="INTENTORY RETRY"), scheduled_at=january(1)),
            (
                "Retries used: 0. Overdue: the next attempt was due Sun 1 Jan 2023 (2 days ago).",
                "The item is not in stock. The customer need not do anything.",
            ),
        ),
        (
            an_order("SUBMITTED", retry=retry(1), failure=DECLINED),
            (
                "A retry is under way. Retries used: 1 of 3. Earlier: Payment declined (140).",
                LOOK_AGAIN,
            ),
        ),
        (
            an_order("CANCELED", retry=retry(2), failure=DECLINED),
            (
                "Payment declined (140). All 3 retries failed, and the order will not be tried again.",
                UPDATE_AFTER,
            ),
        ),
        (
            an_order("CANCELED", retry=retry(0, 1, kind="INVENTORY RETRY")),
            (
                "The only retry failed, and the order will not be tried again.",
                "The item was not in stock. There is nothing the customer can do about it.",
            ),
        ),
        (
            an_order("CANCELED", retry=retry(1), failure=DECLINED),
            (
                "The order was cancelled while it had retries left. Retries used: 1 of 3. "
                "Earlier: Payment declined (140).",
                "",
            ),
        ),
        (
            an_order("FAILED", failure=Failure(code="999", message="Customer Not found.")),
            (
                "Customer Not found (999). The order failed and will not be tried again.",
                "The customer can't mend this. Escalate it with order 63b2 and error code 999.",
            ),
        ),
        (
            an_order("RETRY", retry=retry(1, kind="GENERIC RETRY"), failure=Failure(message="x")),
            (
                "x. Retries used: 1 of 3.",
                "The customer can't mend this. Escalate it with order 63b2.",
            ),
        ),
        (
            an_order("SUCCESS", retry=retry(1), failure=Failure(code="20")),
            (
                "The order went through after an earlier failure. Retries used: 1 of 3. Earlier: Error 20.",
                "",
            ),
        ),
        (an_order("SCHEDULED", failure=DECLINED, scheduled_at=january(5)), ("", "")),
        (an_order("1004"), ("", "")),
    ],
)
def test_what_is_said(order: Order, sentence_and_advice: tuple[str, str]) -> None:
    assert said(order) == sentence_and_advice
