"""No more of a card than its last four characters leaves the adapter, whatever the order looks like."""

import json
from collections.abc import Iterator

import msgspec
import pytest

from orders.domain.identifiers import is_identifier
from orders.sandbox import SandboxServer, customers
from orders.upstreams.fabric_subscriptions.parse import find_order
from tests.sandbox.clients import FabricClient

# What the sandbox's customers have for identifiers, and it would be of use to a thief.
WHOLE = ("4111111111111111", "tok00000000000000001881")


def cards_sent(part: object) -> Iterator[str]:
    """Every card identifier in this JSON, wherever it stands."""
    if isinstance(part, dict):
        for key, value in part.items():
            if key.lower() == "cardidentifier" and isinstance(value, str):
                yield value
            yield from cards_sent(value)
    elif isinstance(part, list):
        for each in part:
            yield from cards_sent(each)


@pytest.mark.parametrize(
    ("customer_id", "long"),
    [(customers.FABRIC_MAIN, WHOLE[1:]), (customers.FABRIC_ODD, WHOLE[:1])],
    ids=["many orders", "odd orders"],
)
def test_of_every_order_and_its_json_a_card_keeps_four_characters(
    sandbox: SandboxServer, customer_id: str, long: tuple[str, ...]
) -> None:
    body = FabricClient(sandbox.url).orders(customer_id).content
    sent = {
        str(order["id"]): order
        for order in json.loads(body)["data"]["orders"]
        if isinstance(order, dict) and is_identifier(str(order.get("id", "")))
    }
    # Or there would be nothing to find.
    assert set(long) <= set(cards_sent(list(sent.values())))

    for order_id, order in sent.items():
        found = find_order(body, order_id)
        assert found is not None
        said = msgspec.json.encode([found.order, found.raw]).decode()
        for identifier in cards_sent(order):
            assert len(identifier) <= 4 or identifier[:-4] not in said
        endings = [identifier[-4:] for identifier in cards_sent(order)]
        assert list(cards_sent(found.raw)) == endings
        if endings and found.order.payment:
            assert found.order.payment.card_ending == endings[0]
