"""Who may ask Adobe's double, and what its two identifiers mean."""

import uuid
from typing import Any

import pytest
import requests

from orders.sandbox import SandboxServer, credentials, customers
from tests.sandbox.clients import ADOBE_HEADERS, AdobeClient

PATH = f"/v3/customers/{customers.ADOBE_SMALL}/orders"


def refusal(response: requests.Response) -> tuple[int, str]:
    return response.status_code, response.json()["code"]


@pytest.mark.parametrize(
    ("expected", "without", "changed"),
    [
        ((403, "4115"), "X-Api-Key", {}),
        ((403, "4115"), "", {"x_api_key": "somebody-else"}),
        ((403, "4117"), "Authorization", {}),
        ((401, "4116"), "", {"authorization": "Bearer stale"}),
        ((401, "4116"), "", {"authorization": "Basic " + credentials.ADOBE_ACCESS_TOKEN}),
        ((400, "4119"), "X-Correlation-Id", {}),
        ((400, "4119"), "", {"x_correlation_id": "two words"}),
    ],
)
def test_a_header_that_is_missing_or_wrong_is_refused(adobe: AdobeClient, expected, without, changed):
    assert refusal(adobe.get(PATH, without=without, **changed)) == expected


def test_the_api_key_is_checked_before_the_token_and_the_token_before_the_ids(adobe: AdobeClient):
    nothing_right: dict[str, Any] = {"x_api_key": "wrong", "authorization": "Bearer wrong"}
    assert refusal(adobe.get(PATH, without="X-Correlation-Id", **nothing_right)) == (403, "4115")
    only_key: dict[str, Any] = {"authorization": "Bearer wrong"}
    assert refusal(adobe.get(PATH, without="X-Correlation-Id", **only_key)) == (401, "4116")


def test_header_names_are_read_in_any_case(sandbox: SandboxServer, adobe: AdobeClient):
    headers = {
        "x-api-key": credentials.ADOBE_API_KEY,
        "AUTHORIZATION": f"bearer {credentials.ADOBE_ACCESS_TOKEN}",
        "x-CORRELATION-id": "any",
    }
    assert adobe.send(PATH, headers).status_code == 200


def test_a_content_type_on_a_get_is_tolerated(adobe: AdobeClient):
    assert adobe.get(PATH, content_type="application/json").status_code == 200


def test_the_request_id_comes_back(adobe: AdobeClient):
    assert adobe.get(PATH, x_request_id="mine-1").headers["X-Request-Id"] == "mine-1"


def test_a_request_id_is_made_where_none_was_sent(adobe: AdobeClient):
    made = adobe.get(PATH, without="X-Request-Id").headers["X-Request-Id"]
    assert str(uuid.UUID(made)) == made


def test_refusals_carry_the_request_id_too(adobe: AdobeClient):
    refused = adobe.get(PATH, without="X-Api-Key", x_request_id="mine-2")
    assert refused.headers["X-Request-Id"] == "mine-2"


def test_a_used_request_id_under_a_new_correlation_id_is_a_duplicate(adobe: AdobeClient):
    assert adobe.get(PATH, x_request_id="used").status_code == 200
    assert refusal(adobe.get(PATH, x_request_id="used")) == (400, "4120")


def test_a_spent_correlation_id_replays_the_stored_answer(sandbox: SandboxServer, adobe: AdobeClient):
    sandbox.add_adobe_orders("C1", [{"orderId": "1"}])
    first = adobe.get("/v3/customers/C1/orders", x_correlation_id="spent")
    sandbox.add_adobe_orders("C1", [{"orderId": "2"}])
    again = adobe.get("/v3/customers/C1/orders", x_correlation_id="spent")
    fresh = adobe.get("/v3/customers/C1/orders")
    assert again.content == first.content
    assert fresh.json()["totalCount"] == 2


def test_an_error_is_replayed_as_well(sandbox: SandboxServer, adobe: AdobeClient):
    sandbox.script("adobe", [503])
    assert adobe.get(PATH, x_correlation_id="unlucky").status_code == 503
    assert adobe.get(PATH, x_correlation_id="unlucky").status_code == 503
    assert adobe.get(PATH).status_code == 200


def test_the_replay_overlooks_the_query_and_so_shows_a_careless_client(adobe: AdobeClient):
    first = adobe.get(PATH, {"offset": 0, "limit": 2}, x_correlation_id="same")
    second = adobe.get(PATH, {"offset": 2, "limit": 2}, x_correlation_id="same")
    assert second.json() == first.json()


def test_a_correlation_id_is_spent_on_its_own_path_only(adobe: AdobeClient):
    assert adobe.get(PATH, x_correlation_id="shared").status_code == 200
    other = adobe.orders(customers.ADOBE_EMPTY, x_correlation_id="shared")
    assert other.json()["totalCount"] == 0


def test_a_replay_needs_a_good_token(adobe: AdobeClient):
    assert adobe.get(PATH, x_correlation_id="spent").status_code == 200
    refused = adobe.get(PATH, x_correlation_id="spent", authorization="Bearer stale")
    assert refusal(refused) == (401, "4116")


@pytest.mark.parametrize("word", ["reset", "close"])
def test_without_an_answer_the_correlation_id_may_be_used_again(
    sandbox: SandboxServer, adobe: AdobeClient, word: str
):
    sandbox.script("adobe", [word])
    with pytest.raises(requests.ConnectionError):
        adobe.get(PATH, x_correlation_id="again", x_request_id="first")
    retried = adobe.get(PATH, x_correlation_id="again", x_request_id="second")
    assert retried.status_code == 200


def test_the_ping_asks_for_the_api_key_alone(sandbox: SandboxServer, adobe: AdobeClient):
    answered = adobe.send("/partnerservice/ping", {"X-Api-Key": credentials.ADOBE_API_KEY})
    refused = adobe.send("/partnerservice/ping", {})
    assert (answered.status_code, answered.text) == (200, "pong")
    assert refusal(refused) == (403, "4115")


def test_only_reading_is_offered(sandbox: SandboxServer, adobe: AdobeClient):
    headers = ADOBE_HEADERS | {"X-Correlation-Id": "any"}
    assert requests.post(sandbox.url + PATH, headers=headers, timeout=5).status_code == 405
