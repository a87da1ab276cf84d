"""Every kind of order that something is said of: states, types, mixes of lines, retries, dates, errors."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from typing import Any

from orders.domain.orders import Failure, Line, Order, Payment, Promotion, Retry
from orders.domain.results import OrderRow
from orders.domain.retry_status import retry_status
from orders.upstreams.adobe_vip_marketplace import terms as adobe
from orders.upstreams.fabric_subscriptions import terms as fabric

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
CREATED = datetime(2026, 11, 19, 8, 15, tzinfo=UTC)
DECLINED = Failure(code="140", message="Payment declined")


def november(day: int, hour: int = 9) -> datetime:
    return datetime(2026, 11, day, hour, tzinfo=UTC)


def december(day: int) -> datetime:
    return datetime(2026, 12, day, 9, tzinfo=UTC)


def row_of(source: str, order: Order) -> OrderRow:
    return OrderRow(
        source=source, customer_id="1000000137", order=order, retry_status=retry_status(order, now=NOW)
    )


def adobe_order(
    status: str,
    kind: str = "NEW",
    lines: str = "",
    promotions: str = "",
    order_id: str = "5120008001",
    created: datetime | None = CREATED,
) -> OrderRow:
    """`lines` and `promotions` are codes with spaces between; `-` is none."""
    results = tuple(
        Promotion(code="SUMMER", result=adobe.promotion_result("" if code == "-" else code))
        for code in promotions.split()
    )
    codes = lines.split() or [status or "-"]
    order = Order(
        order_id=order_id,
        status=adobe.status(status),
        order_type=adobe.order_type(kind),
        created_at=created,
        lines=tuple(
            Line(
                number=str(number),
                status=adobe.status("" if code == "-" else code),
                promotions=results if number == 1 else (),
            )
            for number, code in enumerate(codes, 1)
        ),
    )
    return row_of("adobe", order)


def fabric_order(status: str, **fields: Any) -> OrderRow:
    given: dict[str, Any] = {"order_id": "63b2a0c0de0000000000000a", "created_at": CREATED} | fields
    return row_of("fabric", Order(status=fabric.status(status), **given))


def retry(
    used: int | None, allowed: int | None = 3, days: int | None = 3, kind: str = "PAYMENT RETRY"
) -> Retry:
    return Retry(kind=fabric.retry_type(kind), used=used, allowed=allowed, days_between=days)


def adobe_cases() -> Iterator[tuple[str, OrderRow]]:
    for status in (*adobe.STATUSES, "4711", ""):
        yield f"status {status or 'none'}", adobe_order(status)
    for kind in (*adobe.ORDER_TYPES, "LUNAR_SWAP", ""):
        for status in ("1000", "1002", "1004", "1008"):
            if kind.startswith("PREVIEW") and status != "1000":
                continue
            yield f"type {kind or 'none'}, status {status}", adobe_order(status, kind)
    for order, lines in (
        ("1000", "1002"),
        ("1000", "1002 1002"),
        ("1000", "1002 1002 1002"),
        ("1000", "1000 1002"),
        ("1000", "1000 1004"),
        ("1000", "1004"),
        ("1000", "1000 1008 1008"),
        ("1000", "1008 1008"),
        ("1000", "1000 1009"),
        ("1000", "1000 4711"),
        ("1000", "4711"),
        ("1000", "1000 1002 1004 1008"),
        ("1000", "1000 1020 1026 1002"),
        ("1000", "- 1000"),
        ("1002", "1002 1000"),
        ("1002", "1000 1000"),
        ("1002", "1004 1002"),
        ("1004", "1000 1004"),
        ("1004", "1026 1020"),
        ("1008", "1008 1000"),
        ("1008", "1008 1002 1000"),
        ("1009", "1000 1009"),
        ("1022", "1000 1022"),
        ("4711", "1000 4711"),
        ("", "1000 1002"),
    ):
        yield f"status {order or 'none'}, lines {lines}", adobe_order(order, lines=lines)
    yield "return of 1000, lines 1000 1002", adobe_order("1000", "RETURN", "1000 1002")
    yield "renewal of 1000, lines 1000 1004", adobe_order("1000", "RENEWAL", "1000 1004")
    yield "switch of 1000, lines 1002", adobe_order("1000", "SWITCH", "1002")
    for promotions in (
        "SUCCESS",
        "FAILURE",
        "-",
        "SUCCESS SUCCESS",
        "FAILURE FAILURE",
        "SUCCESS FAILURE",
        "SUCCESS FAILURE -",
        "SUCCESS - MAYBE",
    ):
        yield f"promotions {promotions}", adobe_order("1000", promotions=promotions)
    yield "failed, with a promotion", adobe_order("1004", promotions="SUCCESS")
    yield "processing, with a promotion", adobe_order("1002", promotions="FAILURE")
    yield "of an earlier year", adobe_order("1000", created=datetime(2019, 5, 2, tzinfo=UTC))
    yield "without a date", adobe_order("1000", created=None)
    yield "without an ID", adobe_order("1000", order_id="")


def fabric_cases() -> Iterator[tuple[str, OrderRow]]:
    for status in (*fabric.STATUSES, "PAUSED", ""):
        yield f"status {status or 'none'}", fabric_order(status)
        yield f"status {status or 'none'}, an error on it", fabric_order(status, failure=DECLINED)
        yield f"status {status or 'none'}, deleted", fabric_order(status, is_deleted=True)
    for name, moment in (
        ("today", november(27)),
        ("tomorrow", november(28)),
        ("in 3 days", november(30)),
        ("next year", datetime(2027, 1, 4, tzinfo=UTC)),
        ("in 7973 years", datetime(9999, 12, 31, tzinfo=UTC)),
        ("yesterday", november(26)),
        ("5 days ago", november(22)),
        ("in 2019", datetime(2019, 8, 24, tzinfo=UTC)),
    ):
        yield f"scheduled {name}", fabric_order("SCHEDULED", scheduled_at=moment)
    yield (
        "scheduled, an error on it",
        fabric_order("SCHEDULED", scheduled_at=december(1), failure=DECLINED),
    )
    yield (
        "scheduled, an error without words on it",
        fabric_order("SCHEDULED", scheduled_at=december(1), failure=Failure(code="20")),
    )
    yield "overdue, an error on it", fabric_order("SCHEDULED", scheduled_at=november(22), failure=DECLINED)
    yield "skipped, with a date", fabric_order("SKIPPED", scheduled_at=december(1))
    yield "cancelled, with a date", fabric_order("CANCELED", scheduled_at=december(1))
    yield (
        "deleted, scheduled, an error on it",
        fabric_order("SCHEDULED", scheduled_at=december(1), failure=DECLINED, is_deleted=True),
    )
    yield from _retried()


def _retried() -> Iterator[tuple[str, OrderRow]]:
    for kind in ("PAYMENT RETRY", "INTENTORY RETRY", "GENERIC RETRY", "Payment Gateway Retry"):
        for status in ("RETRY", "SUBMITTED", "SUCCESS", "FAILED", "CANCELED"):
            used = 2 if status == "CANCELED" else 1
            yield (
                f"{status}, {used} of 3, {kind}",
                fabric_order(
                    status,
                    retry=retry(used, kind=kind),
                    failure=DECLINED,
                    scheduled_at=november(29),
                    status_updated_at=november(26),
                ),
            )
    common: dict[str, Any] = {"failure": DECLINED, "status_updated_at": november(26)}
    for name, status, fields in (
        ("first retry to come", "RETRY", {"retry": retry(0), "scheduled_at": november(29)}),
        ("two retries used", "RETRY", {"retry": retry(2), "scheduled_at": november(29)}),
        ("date estimated", "RETRY", {"retry": retry(1)}),
        ("scheduled again", "SCHEDULED", {"retry": retry(1), "scheduled_at": november(29)}),
        ("no date", "RETRY", {"retry": retry(1, days=None), "scheduled_at": november(20)}),
        ("no number of retries", "RETRY", {"retry": retry(1, None), "scheduled_at": november(29)}),
        ("no count", "RETRY", {"retry": retry(None), "scheduled_at": november(29)}),
        ("no retry block", "RETRY", {"scheduled_at": november(29)}),
        ("card expired", "RETRY", {"retry": retry(1), "scheduled_at": november(29), "payment": _EXPIRED}),
    ):
        yield f"{status}, {name}", fabric_order(status, **common, **fields)
    late = {"failure": DECLINED, "status_updated_at": november(20)}
    for name, status, fields in (
        ("overdue", "RETRY", {"retry": retry(1), "scheduled_at": november(23)}),
        ("overdue, estimated", "RETRY", {"retry": retry(1)}),
        ("overdue, scheduled again", "SCHEDULED", {"retry": retry(1), "scheduled_at": november(23)}),
        ("overdue, inventory", "RETRY", {"retry": retry(1, kind="INTENTORY RETRY")}),
        ("overdue, generic", "RETRY", {"retry": retry(1, kind="GENERIC RETRY")}),
        ("overdue, no retry block", "RETRY", {"scheduled_at": november(23)}),
        ("all used", "RETRY", {"retry": retry(3)}),
        ("more used than allowed", "RETRY", {"retry": retry(9)}),
        ("the only retry failed", "CANCELED", {"retry": retry(0, 1)}),
        ("cancelled early", "CANCELED", {"retry": retry(1)}),
        ("cancelled, nothing used", "CANCELED", {"retry": retry(0)}),
        ("cancelled, numbers unknown", "CANCELED", {"retry": retry(None, None)}),
        ("last retry under way", "SUBMITTED", {"retry": retry(2)}),
        ("more used than allowed", "SUBMITTED", {"retry": retry(5)}),
        ("number of retries unknown", "SUBMITTED", {"retry": retry(1, None)}),
        ("negative numbers", "RETRY", {"retry": retry(-2, -1, -3), "scheduled_at": november(29)}),
        ("exhausted", "FAILED", {"retry": retry(3)}),
        ("deleted", "RETRY", {"retry": retry(1), "scheduled_at": november(29), "is_deleted": True}),
        ("deleted", "SUBMITTED", {"retry": retry(1), "is_deleted": True}),
        ("deleted", "CANCELED", {"retry": retry(2), "is_deleted": True}),
    ):
        yield f"{status}, {name}", fabric_order(status, **late, **fields)
    for name, failure in (
        ("no reason", None),
        ("a code only", Failure(code="999")),
        ("a message only", Failure(message="Customer Not found.")),
        ("a long message", Failure(code="20", message="Coud not build cart, " * 20)),
    ):
        yield f"FAILED, {name}", fabric_order("FAILED", failure=failure)
        yield f"CANCELED, 2 of 3, {name}", fabric_order("CANCELED", retry=retry(2), failure=failure)


_EXPIRED = Payment(expiry="10/26")


def all_cases() -> Iterator[tuple[str, str, OrderRow]]:
    """Number, description and row of each."""
    numbers = count(1)
    for source, cases in (("Adobe", adobe_cases()), ("fabric", fabric_cases())):
        for words, row in cases:
            yield f"{next(numbers):03}", f"{source}: {words}", row
