"""Orders in sentences that can be read out: all of them, in a table for a reader to judge."""

import re
from pathlib import Path

import pytest

from orders.domain.orders import Line, Order
from orders.domain.terms import Term
from orders.presentation.texts import advice
from orders.presentation.texts.order_sentence import order_sentence
from tests.presentation.texts.orders_of_all_kinds import CREATED, NOW, all_cases, row_of

TABLE = Path(__file__).parent / "sentences.txt"
CASES = list(all_cases())


def table() -> str:
    """Each kind of order, what is said of it, and, behind a `-` each, what to tell the customer."""
    return "\n".join(
        line
        for number, words, row in CASES
        for line in (
            f"{number} {words}",
            f"    {order_sentence(row, NOW)}",
            *(f"    - {text}" for text in advice.told(advice.order_topics(row), {})),
            "",
        )
    )


def test_what_is_said_of_every_kind_of_order_is_what_was_proof_read() -> None:
    """After a change: write `table()` into the file, and read it."""
    assert table() == TABLE.read_text()


@pytest.mark.parametrize(("words", "row"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_sentence_is_speech(words: str, row: object) -> None:
    said = order_sentence(row, NOW)  # type: ignore[arg-type]

    assert ":" not in said
    assert "(" not in said
    assert "None" not in said
    assert not re.search(r"\b[A-Z_]{3,}\b", said), "codes are for the page, not for speech"
    assert not re.search(r"\b(1000|1002|1004|1008|102[0-6]|4711|140|999)\b", said)
    assert not re.search(r"-\d", said)
    assert all(int(number) < 10_000 for number in re.findall(r"(\d+) (?:days|retries)", said))
    order_id = row.order.order_id  # type: ignore[attr-defined]
    assert said.endswith(f"The order ID is {order_id}." if order_id else ".")


def test_an_overdue_order_is_never_said_to_be_tried_before_something() -> None:
    overdue = [row for _, _, row in CASES if row.retry_status.is_overdue]

    assert len(overdue) > 8
    for row in overdue:
        told = " ".join(advice.told(advice.order_topics(row), {}))
        assert "before the next attempt" not in told
        assert "overdue" in order_sentence(row, NOW)
        assert "will be" not in order_sentence(row, NOW)


def test_a_deleted_order_is_never_said_to_be_placed() -> None:
    deleted = [row for _, _, row in CASES if row.order.is_deleted]

    assert len(deleted) > 8
    for row in deleted:
        said = order_sentence(row, NOW)
        assert "deleted" in said
        assert "will be" not in said


def test_an_upstream_without_a_writer_is_told_by_its_own_words() -> None:
    said = {
        order_sentence(row_of("parcels", order), NOW)
        for order in (
            Order(
                order_id="P1",
                created_at=CREATED,
                status=Term("sent", "On its way", "busy", "It left the warehouse."),
            ),
            Order(order_id="P2", status=Term("lost", "lost", known=False)),
            Order(order_id="P3", created_at=CREATED),
            Order(
                order_id="P4",
                status=Term("sent", "On its way", "busy"),
                lines=(Line(status=Term("there", "Delivered", "good")), Line()),
            ),
        )
    }
    assert said == {
        "Your order of 19 November has the status “On its way”. It left the warehouse. The order ID is P1.",
        "Your order is in a state that we do not know. The order ID is P2.",
        "Your order of 19 November came without a status. The order ID is P3.",
        "Your order has the status “On its way”, but 1 of 2 lines is complete. The order ID is P4.",
    }
