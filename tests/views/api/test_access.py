"""Who may ask: tokens by their scopes, and people who are signed in. All refusals are problems."""

from typing import Any

import pytest
from django.test import Client

from orders.people.api_tokens import Scope
from orders.sandbox import SandboxServer, customers
from tests.personas import person, signed_in
from tests.views.api.conftest import Script, problem

pytestmark = pytest.mark.django_db

HISTORY = f"/api/v1/adobe/customers/{customers.ADOBE_SMALL}/orders"
ORDER = f"{HISTORY}/0000000000"
LOOKUP = f"/api/v1/lookup?id={customers.ADOBE_SMALL}"
EXPORTS = "/api/v1/exports"
NEEDED = {
    **dict.fromkeys((HISTORY, ORDER, "/api/v1/portfolio", "/api/v1/attention"), Scope.READ),
    EXPORTS: Scope.EXPORT,
    LOOKUP: Scope.LOOKUP,
}


@pytest.mark.parametrize("scope", Scope)
@pytest.mark.parametrize("address", NEEDED)
def test_each_address_needs_its_scope(
    script_of: Script, upstreams: SandboxServer, address: str, scope: Scope
) -> None:
    response = script_of("supervisor", scopes=[scope]).get(address)

    if scope == NEEDED[address]:
        assert response.status_code in {200, 404}
    else:
        refused = problem(response)
        assert (refused.status, refused.cause) == (403, "forbidden")
        assert upstreams.requests == []


@pytest.mark.parametrize("headers", [{}, {"Accept": "text/html"}, {"Authorization": "Bearer opt_wrong"}])
def test_without_a_sign_in_it_is_401(client: Client, headers: dict[str, str]) -> None:
    response = client.get(HISTORY, headers=headers)

    assert (problem(response).status, problem(response).cause) == (401, "unauthenticated")
    assert response.headers["WWW-Authenticate"].startswith('Bearer realm="Orders Portal"')


def test_without_the_right_it_is_403(upstreams: SandboxServer) -> None:
    refused = problem(signed_in(person("nora")).get(HISTORY))

    assert (refused.status, refused.cause, upstreams.requests) == (403, "forbidden", [])


def test_somebody_with_powers_and_no_second_factor_gets_no_page_to_set_it_up(
    upstreams: SandboxServer, settings: Any
) -> None:
    settings.MFA_REQUIRED = True

    refused = problem(signed_in(person("thea", "supervisor")).get(HISTORY))

    assert (refused.status, refused.cause) == (403, "forbidden")


def test_a_limit_that_is_reached_is_a_problem_with_a_time_to_come_back(script: Client, settings: Any) -> None:
    settings.LIMIT_CUSTOMERS_PER_HOUR = 1
    script.get(HISTORY)

    response = script.get(f"/api/v1/adobe/customers/{customers.ADOBE_EDUCATION}/orders")

    assert (problem(response).status, problem(response).cause) == (429, "limit")
    assert int(response.headers["Retry-After"]) > 0


@pytest.mark.parametrize(
    ("address", "method", "status", "cause"),
    [
        ("/api/v1/nothing", "get", 404, "not-found"),
        ("/api/v1/sap/customers/1/orders", "get", 404, "not-found"),
        ("/api/v1/adobe/customers/a%20b/orders", "get", 404, "not-found"),
        (HISTORY, "options", 403, "forbidden"),
        (HISTORY, "post", 403, "forbidden"),
    ],
)
def test_wrong_addresses_and_methods_are_problems(
    script: Client, upstreams: SandboxServer, address: str, method: str, status: int, cause: str
) -> None:
    refused = problem(getattr(script, method)(address))

    assert (refused.status, refused.cause, upstreams.requests) == (status, cause, [])


def test_a_mistake_of_ours_is_a_problem_without_details(script: Client, monkeypatch: Any) -> None:
    from orders import services

    def broken(**_: Any) -> None:
        raise RuntimeError("sandbox-adobe-token in an exception")

    monkeypatch.setattr(services, "list_orders", broken)
    script.raise_request_exception = False

    response = script.get(HISTORY)

    assert (problem(response).status, problem(response).cause) == (500, "unavailable")
    assert b"sandbox-adobe-token" not in response.content
