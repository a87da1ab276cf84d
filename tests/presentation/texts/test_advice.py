"""What to tell the customer: there is something for every status, promotion and error code."""

import pytest

from orders.domain.advice import DOCUMENTED, OBSERVED, OURS
from orders.presentation.texts import advice
from orders.upstreams.adobe_vip_marketplace import terms as adobe
from orders.upstreams.fabric_subscriptions import terms as fabric
from tests.presentation.texts.orders_of_all_kinds import all_cases

# Of Adobe's documented errors, those that a GET of orders can answer.
ADOBE_GET_ERRORS = {
    *("1116", "1121", "1124", "1132", "1133", "2115", "4115", "4116", "4117", "4118", "4119", "4120"),
    *("4121", "5136", "5137"),
}
# What recorded orders carry.
FABRIC_ORDER_ERRORS = {"20", "110", "123", "130", "140", "170", "321", "999"}


def test_every_code_has_a_topic() -> None:
    expected = {
        *(f"adobe.status.{code}" for code in adobe.STATUSES),
        *(f"adobe.promotion.{code}" for code in adobe.PROMOTION_RESULTS),
        *(f"adobe.error.{code}" for code in ADOBE_GET_ERRORS),
        *(f"fabric.status.{code}" for code in fabric.STATUSES),
        *(f"fabric.error.{code}" for code in FABRIC_ORDER_ERRORS),
    }

    assert expected <= set(advice.TOPICS)


@pytest.mark.parametrize("topic", advice.TOPICS)
def test_a_text_stands_apart_from_how_its_meaning_is_known(topic: str) -> None:
    shipped = advice.TOPICS[topic]
    text = str(shipped.text)

    assert shipped.known_from in (DOCUMENTED, OBSERVED, OURS)
    assert shipped.source
    assert str(shipped.source) not in text
    assert not any(word in text for word in (str(DOCUMENTED), str(OBSERVED), "recorded answers"))
    assert text.endswith(".")


def test_where_the_upstream_gives_no_reason_the_advice_says_so() -> None:
    for topic in (
        "adobe.status.1004",
        "adobe.cancelled",
        "adobe.promotion.FAILURE",
        "fabric.status.CANCELED",
    ):
        assert "gives no reason" in str(advice.TOPICS[topic].text)


def test_every_order_of_a_known_upstream_has_advice_and_none_twice() -> None:
    for _, words, row in all_cases():
        topics = advice.order_topics(row)
        assert topics, words
        assert len(set(topics)) == len(topics), words


def test_every_shipped_text_is_used() -> None:
    used = {topic for _, _, row in all_cases() for topic in advice.order_topics(row)}
    used |= {topic for code in ADOBE_GET_ERRORS for topic in advice.failure_topics("adobe", code)}
    unused = {f"fabric.error.{code}" for code in FABRIC_ORDER_ERRORS - {"140", "20", "999"}}

    assert set(advice.TOPICS) - used - unused == set()


def test_an_edited_text_takes_the_place_of_the_shipped_one() -> None:
    topics = ["adobe.status.1004", "adobe.status.1000"]

    told = advice.told(topics, {"adobe.status.1004": "Ring the account manager."})

    assert told == ["Ring the account manager.", str(advice.TOPICS["adobe.status.1000"].text)]


def test_an_unknown_error_code_says_nothing() -> None:
    assert advice.failure_topics("adobe", "4711") == []
    assert advice.failure_topics("fabric", "1116") == []
