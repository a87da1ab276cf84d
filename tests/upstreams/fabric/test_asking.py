"""What fabric is asked, and what its refusals are read as."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.upstreams.base import Problem
from orders.upstreams.fabric_subscriptions import list_path, params, read_problem
from tests.upstreams.sampled import JSON, encoded


def test_the_documented_request() -> None:
    path = "/data-subscription/v1/customers/6167b9c3a0f2c80009a5b00c/orders"
    assert list_path("6167b9c3a0f2c80009a5b00c") == path
    assert params() == []


@given(st.text())
def test_no_id_leads_to_the_address_that_places_orders(customer_id: str) -> None:
    try:
        path = list_path(customer_id)
    except ValueError:
        return
    assert path.split("/") == ["", "data-subscription", "v1", "customers", customer_id, "orders"]


@pytest.mark.parametrize(
    ("status", "body", "problem"),
    [
        (
            404,
            {"responseStatus": "NOT_FOUND", "message": "Customer not found.", "data": "x"},
            Problem(cause="not-found", code="NOT_FOUND", message="Customer not found."),
        ),
        (
            400,
            {"responseStatus": "not found", "message": "Customer not found."},
            Problem(cause="not-found", code="not found", message="Customer not found."),
        ),
        (
            400,
            {"responseStatus": "BAD_REQUEST", "message": "Invalid customer id"},
            Problem(cause="bad-request", code="BAD_REQUEST", message="Invalid customer id"),
        ),
        (
            400,
            {"message": {"code": "MISSING_FIELD", "message": "sku"}},
            Problem(cause="bad-request", code="MISSING_FIELD", message="sku"),
        ),
        (
            400,
            {"message": [{"errorCode": 20, "errorMessage": "one"}, {"errorMessage": "two"}]},
            Problem(cause="bad-request", code="20", message="one; two"),
        ),
        (403, {"Message": "no access"}, Problem(cause="stale-token", message="no access")),
        (401, {"message": "Unauthorized"}, Problem(cause="stale-token", message="Unauthorized")),
        (
            403,
            {"message": "header requires 'Credential' parameter. Authorization=secret.token"},
            Problem(cause="stale-token", message="header requires 'Credential' parameter. …"),
        ),
        (500, {"responseStatus": "NOT_FOUND"}, Problem(code="NOT_FOUND")),
        (404, {"responseStatus": "GONE"}, Problem(cause="not-found", code="GONE")),
        (422, {"responseStatus": "INVALID"}, Problem(cause="bad-request", code="INVALID")),
        # A gateway's, not fabric's: it says nothing of a customer.
        (404, {"message": "Not Found"}, Problem(cause="wrong-address", message="Not Found")),
        (400, {"message": "Bad Request"}, Problem(cause="wrong-address", message="Bad Request")),
        (502, [], Problem(message="[]")),
        (503, {"message": None}, Problem()),
    ],
)
def test_refusals(status: int, body: object, problem: Problem) -> None:
    assert read_problem(status, json.dumps(body).encode()) == problem


def test_a_refusal_that_is_a_page_or_nothing() -> None:
    assert read_problem(502, b"<h1>Bad gateway</h1>") == Problem(message="Bad gateway")
    assert read_problem(504, b"") == Problem()


@given(st.sampled_from([400, 401, 403, 404, 500]), st.binary() | JSON.map(encoded))
def test_any_refusal_can_be_read(status: int, body: bytes) -> None:
    assert "\n" not in read_problem(status, body).message


@given(st.fixed_dictionaries({"responseStatus": JSON, "message": JSON, "Message": JSON}))
def test_any_value_in_a_refusal_can_be_read(body: dict[str, object]) -> None:
    read_problem(400, encoded(body))
