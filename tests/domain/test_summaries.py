"""Orders in sentences that can be read out."""

from datetime import UTC, datetime

import pytest

from orders.domain.orders import Failure, Line, Order, Promotion, Retry
from orders.domain.summaries import summary
from orders.domain.terms import Term

NOW = datetime(2023, 1, 3, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (
            Order(
                order_id="5120008001",
                order_type=Term("NEW", "New"),
                status=Term("1000", "Completed", "good", "The order went through."),
                created_at=datetime(2019, 5, 2, 22, 49, tzinfo=UTC),
                lines=(
                    Line(
                        number="1",
                        quantity=1,
                        promotions=(Promotion(code="SUMMER", result=Term("SUCCESS", "Applied")),),
                    ),
                    Line(
                        number="2",
                        quantity=11,
                        promotions=(
                            Promotion(code="WINTER", result=Term("FAILURE", "Refused")),
                            Promotion(code="MAY"),
                            Promotion(code="JUNE", result=Term("MAYBE", "MAYBE", known=False)),
                        ),
                    ),
                ),
            ),
            "New 5120008001, quantity 12 on 2 lines, created 2 May 2019. "
            "Completed: The order went through. Promotion SUMMER: applied (line 1). "
            "Promotion WINTER: refused (line 2). Promotion MAY: no result given (line 2). "
            "Promotion JUNE: MAYBE (line 2).",
        ),
        (
            Order(order_id="1", status=Term("4711", "4711", known=False), lines=(Line(),)),
            "Order 1, 1 line. Status 4711, which is not in our table.",
        ),
        (
            Order(
                order_id="63b2",
                status=Term("RETRY", "Retrying", "wait", "An attempt failed."),
                retry=Retry(kind=Term("PAYMENT RETRY"), used=1, allowed=3),
                failure=Failure(code="140", message="Payment declined"),
                scheduled_at=datetime(2023, 1, 5, tzinfo=UTC),
                status_updated_at=datetime(2023, 1, 2, tzinfo=UTC),
            ),
            "Order 63b2. Retrying. Payment declined (140). "
            "Retries used: 1 of 3. Next attempt Thu 5 Jan 2023 (in 2 days).",
        ),
        (
            Order(
                order_id="63b3",
                status=Term("SCHEDULED", "Scheduled"),
                scheduled_at=datetime(2023, 1, 5, tzinfo=UTC),
            ),
            "Order 63b3. Scheduled. Due Thu 5 Jan 2023 (in 2 days).",
        ),
        (
            Order(
                order_id="63b4",
                status=Term("SKIPPED", "Skipped"),
                scheduled_at=datetime(2023, 1, 5, tzinfo=UTC),
                failure=Failure(code="20"),
            ),
            "Order 63b4. Skipped. It was scheduled for 5 Jan 2023. Earlier: Error 20.",
        ),
        (Order(order_id=""), "Order."),
    ],
)
def test_summaries(order: Order, expected: str) -> None:
    assert summary(order, NOW) == expected
