"""The retry clock, rule by rule: recorded ladders, the documented sample, nonsense."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.domain.orders import Failure, Order, Payment, Retry
from orders.domain.retry_status import OVERDUE, STATES, RetryStatus, retry_family, retry_status
from orders.domain.terms import NOTHING, Term

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
    ("status", "the_retry", "failure", "state"),
    [
        ("SCHEDULED", None, None, ""),
        ("SCHEDULED", None, DECLINED, ""),
        ("SCHEDULED", retry(1), DECLINED, "will-retry"),
        ("RETRY", retry(0), DECLINED, "will-retry"),
        ("RETRY", retry(2), DECLINED, "will-retry"),
        ("RETRY", None, DECLINED, "will-retry"),
        ("RETRY", retry(3), DECLINED, "retries-exhausted"),
        ("RETRY", retry(9), DECLINED, "retries-exhausted"),
        ("RETRY", retry(1, 0), DECLINED, "will-retry"),
        ("RETRY", retry(1, None), DECLINED, "will-retry"),
        ("RETRY", retry(None), DECLINED, "will-retry"),
        ("RETRY", retry(-1), DECLINED, "will-retry"),
        ("SUBMITTED", None, None, ""),
        ("SUBMITTED", None, DECLINED, ""),
        ("SUBMITTED", retry(0), DECLINED, "retrying-now"),
        ("SUBMITTED", retry(2), DECLINED, "retrying-now"),
        ("SUBMITTED", retry(3), DECLINED, "retrying-now"),
        ("SUCCESS", None, None, ""),
        ("SUCCESS", retry(1), DECLINED, "recovered"),
        ("SUCCESS", retry(3), None, "recovered"),
        ("SUCCESS", None, DECLINED, "recovered"),
        ("FAILED", None, Failure(code="999"), "failed-no-retry"),
        ("FAILED", None, None, "failed-no-retry"),
        ("FAILED", retry(1), DECLINED, "failed-no-retry"),
        ("FAILED", retry(3), DECLINED, "retries-exhausted"),
        ("CANCELED", None, None, ""),
        ("CANCELED", retry(2), DECLINED, "retries-exhausted"),
        ("CANCELED", retry(3), DECLINED, "retries-exhausted"),
        ("CANCELED", retry(0, 1), DECLINED, "retries-exhausted"),
        ("CANCELED", retry(1), DECLINED, "canceled-while-retrying"),
        ("CANCELED", retry(1, 0), DECLINED, "canceled-while-retrying"),
        ("CANCELED", retry(None, 3), DECLINED, "canceled-while-retrying"),
        ("SKIPPED", None, None, ""),
        ("SKIPPED", retry(1), DECLINED, ""),
        ("retry", retry(1), DECLINED, "will-retry"),
        ("Cancelled", retry(2), DECLINED, "retries-exhausted"),
        ("PAUSED", retry(1), DECLINED, ""),
        ("", retry(1), DECLINED, ""),
    ],
)
def test_states(status: str, the_retry: Retry | None, failure: Failure | None, state: str) -> None:
    order = an_order(status, retry=the_retry, failure=failure)
    assert retry_status(order, now=NOW).state == STATES.get(state, NOTHING)


@pytest.mark.parametrize(
    ("status", "used", "scheduled", "changed", "expected"),
    [
        # Payment: three retries, three days apart. 2, 5, 8 and 11 January.
        ("RETRY", 0, 5, 2, ("will-retry", 5, 0, 3)),
        ("SUBMITTED", 0, 5, 5, ("retrying-now", None, 0, 2)),
        ("RETRY", 1, 8, 5, ("will-retry", 8, 1, 2)),
        ("SUBMITTED", 1, 8, 8, ("retrying-now", None, 1, 1)),
        ("RETRY", 2, 11, 8, ("will-retry", 11, 2, 1)),
        ("SUBMITTED", 2, 11, 11, ("retrying-now", None, 2, 0)),
        ("CANCELED", 2, 11, 11, ("retries-exhausted", None, 2, 0)),
    ],
)
def test_the_recorded_payment_ladder(
    status: str, used: int, scheduled: int, changed: int, expected: tuple[Any, ...]
) -> None:
    order = an_order(
        status,
        retry=retry(used),
        failure=DECLINED,
        scheduled_at=january(scheduled),
        status_updated_at=january(changed, 9),
    )
    read = retry_status(order, now=january(changed, 10))
    moment = read.next_attempt
    assert (
        read.state.code,
        moment.day if moment else None,
        read.retries_used,
        read.retries_left,
    ) == expected
    assert (read.is_estimated, read.is_overdue, read.retries_allowed) == (False, False, 3)


@pytest.mark.parametrize(
    ("status", "used", "scheduled", "state"),
    [
        ("RETRY", 0, 3, "will-retry"),
        ("RETRY", 1, 4, "will-retry"),
        ("CANCELED", 1, 4, "retries-exhausted"),
    ],
)
def test_the_inventory_ladder(status: str, used: int, scheduled: int, state: str) -> None:
    order = an_order(
        status,
        retry=retry(used, 2, 1, "INTENTORY RETRY"),
        scheduled_at=january(scheduled),
        status_updated_at=january(scheduled - 1),
    )
    read = retry_status(order, now=january(scheduled - 1))
    assert read.state.code == state
    assert read.next_attempt == (january(scheduled) if status == "RETRY" else None)


def test_the_documented_sample_is_estimated() -> None:
    changed = datetime(2021, 10, 14, 10, 24, 36, 468000, UTC)
    order = an_order(
        "SCHEDULED",
        retry=retry(1, 3, 1),
        failure=DECLINED,
        scheduled_at=datetime(2019, 8, 24, 14, 15, 22, tzinfo=UTC),
        status_updated_at=changed,
    )
    assert retry_status(order, now=changed) == RetryStatus(
        state=STATES["will-retry"],
        next_attempt=changed + timedelta(days=1),
        is_estimated=True,
        retries_used=1,
        retries_left=2,
        retries_allowed=3,
    )


@pytest.mark.parametrize(
    ("status", "the_retry", "scheduled", "changed", "expected"),
    [
        ("SCHEDULED", None, january(5), None, (january(5), False, False)),
        ("SCHEDULED", None, january(2), january(2, 9), (january(2), False, True)),
        ("SCHEDULED", None, january(3), None, (january(3), False, False)),
        ("SCHEDULED", None, None, None, (None, False, False)),
        ("RETRY", retry(1), january(2), None, (january(2), False, True)),
        ("RETRY", retry(1), None, january(2), (january(5), True, False)),
        ("RETRY", retry(1, days=None), january(1), january(2), (None, False, False)),
        ("RETRY", retry(1, days=-1), january(1), january(2), (None, False, False)),
        ("RETRY", retry(1, days=10**30), january(1), january(2), (None, False, False)),
        ("RETRY", retry(1, days=0), january(1), january(2), (january(2), True, True)),
        ("RETRY", None, january(1), january(2), (None, False, False)),
        ("RETRY", None, january(5), january(2), (january(5), False, False)),
        ("RETRY", retry(3), january(5), january(2), (None, False, False)),
        ("SUBMITTED", retry(1), january(5), january(2), (None, False, False)),
        ("SUCCESS", retry(1), january(5), january(2), (None, False, False)),
        ("FAILED", None, january(5), january(2), (None, False, False)),
        ("CANCELED", retry(2), january(5), january(2), (None, False, False)),
        ("SKIPPED", None, january(5), january(2), (None, False, False)),
    ],
)
def test_the_next_attempt(
    status: str,
    the_retry: Retry | None,
    scheduled: datetime | None,
    changed: datetime | None,
    expected: tuple[Any, ...],
) -> None:
    order = an_order(status, retry=the_retry, scheduled_at=scheduled, status_updated_at=changed)
    read = retry_status(order, now=NOW)
    assert (read.next_attempt, read.is_estimated, read.is_overdue) == expected


@pytest.mark.parametrize(
    ("order", "is_overdue"),
    [
        (an_order("RETRY", retry=retry(1), scheduled_at=january(2)), True),
        (an_order("SCHEDULED", retry=retry(1), scheduled_at=january(2)), True),
        (an_order("SCHEDULED", scheduled_at=january(2)), True),
        (an_order("RETRY", retry=retry(1), scheduled_at=january(3)), False),
        (an_order("RETRY", retry=retry(3), scheduled_at=january(2)), False),
        (an_order("SCHEDULED", scheduled_at=january(2), is_deleted=True), False),
        (an_order("CANCELED", scheduled_at=january(2)), False),
    ],
)
def test_an_attempt_that_was_due_on_an_earlier_day_is_a_state_of_its_own(
    order: Order, is_overdue: bool
) -> None:
    read = retry_status(order, now=NOW)
    assert (read.state == OVERDUE, read.is_overdue) == (is_overdue, is_overdue)
    assert OVERDUE.tone == "late"


@pytest.mark.parametrize(
    ("kind", "family"),
    [
        ("PAYMENT RETRY", "payment"),
        ("payment_retry", "payment"),
        ("Payment Gateway Retry", "payment"),
        ("GATEWAY PAYMENT RETRY", "payment"),
        ("INTENTORY RETRY", "inventory"),
        ("INVENTORY_RETRY", "inventory"),
        ("GENERIC RETRY", "other"),
        ("REPAYMENTS", "other"),
        ("", "other"),
    ],
)
def test_families_go_by_the_words_of_the_type(kind: str, family: str) -> None:
    assert retry_family(an_order("RETRY", retry=retry(kind=kind))) == family


def test_an_order_that_was_never_tried_again_is_of_no_family() -> None:
    assert retry_family(an_order("RETRY")) == ""


def test_the_last_day_that_can_be_estimated() -> None:
    order = an_order("RETRY", retry=retry(), status_updated_at=datetime(9999, 12, 31, tzinfo=UTC))
    assert retry_status(order, now=NOW).next_attempt is None


@pytest.mark.parametrize("status", ["RETRY", "SCHEDULED", "SUBMITTED"])
def test_a_deleted_order_is_not_pending(status: str) -> None:
    order = an_order(status, retry=retry(), scheduled_at=january(5), is_deleted=True)
    assert retry_status(order, now=NOW) == RetryStatus(retries_used=1, retries_allowed=3)


def test_an_order_without_retries_needs_no_attention() -> None:
    assert retry_status(an_order("1000"), now=NOW) == RetryStatus()


@pytest.mark.parametrize(
    ("expiry", "has_expired"),
    [
        ("12/22", True),
        ("01/23", False),
        ("1/2023", False),
        ("12/2022", True),
        ("09/30", False),
        ("09/00", False),
        ("13/22", False),
        ("soon", False),
        ("", False),
    ],
)
def test_a_card_is_good_to_the_end_of_its_month(expiry: str, has_expired: bool) -> None:
    order = an_order("RETRY", payment=Payment(expiry=expiry))
    assert retry_status(order, now=NOW).card_has_expired is has_expired


numbers = st.none() | st.integers()
moments = st.none() | st.datetimes(timezones=st.just(UTC))


@given(
    st.sampled_from(["SCHEDULED", "RETRY", "SUBMITTED", "SUCCESS", "FAILED", "CANCELED", "SKIPPED"]),
    st.none() | st.builds(retry, numbers, numbers, numbers, st.text()),
    moments,
    moments,
    st.datetimes(timezones=st.just(UTC)),
    st.text(),
)
def test_no_value_is_beyond_the_clock(
    status: str,
    the_retry: Retry | None,
    scheduled: datetime | None,
    changed: datetime | None,
    now: datetime,
    expiry: str,
) -> None:
    order = an_order(
        status,
        retry=the_retry,
        scheduled_at=scheduled,
        status_updated_at=changed,
        payment=Payment(expiry=expiry),
    )
    read = retry_status(order, now=now)
    assert read.retries_left is None or read.retries_left >= 0
    assert read.next_attempt is None or status in {"SCHEDULED", "RETRY"}
    assert not read.is_estimated or read.next_attempt != scheduled or changed is not None
