"""What Adobe is asked, to the letter, and what its refusals are read as."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.domain.queries import PageRequest
from orders.upstreams.adobe_vip_marketplace import list_path, order_path, params, read_problem
from orders.upstreams.adobe_vip_marketplace.request_parameters import AdobeOrderQuery
from orders.upstreams.base import Problem
from tests.upstreams.sampled import JSON, encoded


def test_repeated_order_types_are_sent_as_repeats() -> None:
    query = AdobeOrderQuery(order_types=("NEW", "RENEWAL"))
    assert params(query, PageRequest(0, 25)) == [
        ("limit", "25"),
        ("offset", "0"),
        ("order-type", "NEW"),
        ("order-type", "RENEWAL"),
    ]


def test_every_field_has_its_documented_name() -> None:
    query = AdobeOrderQuery(
        order_types=("RETURN",),
        reseller_id="1000150000",
        statuses=("1000", "1002"),
        reference_order_id="0123456789",
        offer_ids=("65304578CA01A12", "80004567EA01A12"),
        created_from="2019-05-02",
        created_to="2019-05-02T22:49:54Z",
    )
    assert params(query, PageRequest(50, 100)) == [
        ("limit", "100"),
        ("offset", "50"),
        ("order-type", "RETURN"),
        ("reseller-id", "1000150000"),
        ("status", "1000"),
        ("status", "1002"),
        ("reference-order-id", "0123456789"),
        ("offer-id", "65304578CA01A12"),
        ("offer-id", "80004567EA01A12"),
        ("start-date", "2019-05-02"),
        ("end-date", "2019-05-02T22:49:54Z"),
    ]


def test_paths() -> None:
    assert list_path("P1005258435") == "/v3/customers/P1005258435/orders"
    assert order_path("0123", "02938476") == "/v3/customers/0123/orders/02938476"


@given(st.text(), st.text())
def test_an_id_never_changes_the_path(customer_id: str, order_id: str) -> None:
    try:
        path = order_path(customer_id, order_id)
    except ValueError:
        return
    assert path.split("/") == ["", "v3", "customers", customer_id, "orders", order_id]


@pytest.mark.parametrize(
    ("status", "body", "problem"),
    [
        (
            404,
            {"code": "1116", "message": "Invalid Customer"},
            Problem(cause="not-found", code="1116", message="Invalid Customer"),
        ),
        (
            400,
            {"code": 1133, "message": "Offset out of range", "additionalDetails": None},
            Problem(cause="out-of-range", code="1133", message="Offset out of range"),
        ),
        (
            400,
            {
                "code": "1132",
                "message": "Invalid search",
                "additionalDetails": ["the start-date is no date"],
            },
            Problem(
                cause="bad-request",
                code="1132",
                message="Invalid search: the start-date is no date",
                parameter="start-date",
            ),
        ),
        (
            400,
            {"code": "1132", "message": "Invalid", "invalidFields": [{"field": "orderType"}]},
            Problem(cause="bad-request", code="1132", message="Invalid", parameter="order-type"),
        ),
        (
            400,
            {"code": "1132", "message": "Invalid", "invalidFields": ["limit", "offset"]},
            Problem(cause="bad-request", code="1132", message="Invalid"),
        ),
        (
            504,
            {"error_code": "504001", "message": "Gateway Timeout"},
            Problem(code="504001", message="Gateway Timeout"),
        ),
        (
            400,
            {"error": "invalid_client", "error_description": "unknown client"},
            Problem(cause="wrong-address", code="invalid_client", message="unknown client"),
        ),
        (
            422,
            {"code": "RETURN_QTY_EXCEEDS_REMAINING"},
            Problem(cause="bad-request", code="RETURN_QTY_EXCEEDS_REMAINING"),
        ),
        (404, {"code": "1115"}, Problem(cause="not-found", code="1115")),
        (403, {"code": "4121"}, Problem(cause="not-this-partner", code="4121")),
        (403, {"code": "4115"}, Problem(code="4115")),
        (400, {"code": "4119"}, Problem(cause="our-fault", code="4119")),
        (409, {"code": 4120}, Problem(cause="our-fault", code="4120")),
        (429, {"code": "4118"}, Problem(code="4118")),
        # Gateways, web servers and frameworks have refusals of their own, and none of them is Adobe's.
        (
            404,
            {"error_code": "404", "message": "No resource"},
            Problem(cause="wrong-address", code="404", message="No resource"),
        ),
        (404, {"code": "404"}, Problem(cause="wrong-address", code="404")),
        (404, {"code": "NOT_FOUND"}, Problem(cause="wrong-address", code="NOT_FOUND")),
        (
            404,
            {"message": "no Route matched"},
            Problem(cause="wrong-address", message="no Route matched"),
        ),
        (400, [{"code": "1132"}], Problem(cause="wrong-address", message='[{"code": "1132"}]')),
        (400, {"title": "Bad Request", "status": 400}, Problem(cause="wrong-address")),
        (500, ["oops"], Problem(message='["oops"]')),
        (500, {}, Problem()),
        (405, {}, Problem(cause="wrong-address")),
        (414, {}, Problem()),
    ],
)
def test_refusals(status: int, body: object, problem: Problem) -> None:
    assert read_problem(status, json.dumps(body).encode()) == problem


def test_a_refusal_that_is_a_page() -> None:
    body = b"<html><title>503 Service Unavailable</title></html>"
    assert read_problem(503, body) == Problem(message="503 Service Unavailable")


@given(st.sampled_from([400, 401, 403, 404, 429, 500]), st.binary() | JSON.map(encoded))
def test_any_refusal_can_be_read(status: int, body: bytes) -> None:
    assert "\n" not in read_problem(status, body).message


_KEYS = ("code", "error_code", "message", "additionalDetails", "invalidFields", "error")


@given(st.fixed_dictionaries(dict.fromkeys(_KEYS, JSON)))
def test_any_value_in_a_refusal_can_be_read(body: dict[str, object]) -> None:
    read_problem(400, encoded(body))
