"""All of a person's accounts for scripts: the numbers of the pages, of the same people, in the same scope."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from django.test import Client

from orders.index.refresh_models import CustomerRefresh
from orders.ledger.models import LedgerEntry
from orders.people.models import Account
from orders.sandbox import SandboxServer
from orders.views.api.accounts import ACCOUNTS, ALERTS
from tests.index.seen import adobe_order, see
from tests.personas import assign, person, signed_in
from tests.views.api.conftest import Script, problem, told

pytestmark = pytest.mark.django_db

PORTFOLIO, ATTENTION = "/api/v1/portfolio", "/api/v1/attention"
CUSTOMER, OTHER = "1000000007", "1000000137"


def recently() -> datetime:
    return datetime.now(UTC).replace(microsecond=0) - timedelta(days=2)


@pytest.fixture
def milo() -> Any:
    """Manages one customer, who has an order that failed; another customer is somebody else's."""
    who = person("milo", "account manager")
    assign(who, "adobe", CUSTOMER)
    assign(person("mia", "account manager"), "adobe", OTHER, account="Vale Architects")
    see(adobe_order("1000000001", status="1004", created_at=recently()), customer_id=CUSTOMER)
    see(adobe_order("1000000002", created_at=recently()), customer_id=CUSTOMER)
    theirs = adobe_order("2000000001", customer_id=OTHER, status="1004", created_at=recently())
    see(theirs, customer_id=OTHER)
    return who


def test_accounts_have_the_numbers_of_their_page(milo: Any, upstreams: SandboxServer) -> None:
    two_days_ago = recently()
    CustomerRefresh.objects.create(source="adobe", customer_id=CUSTOMER, outcome="ok", read_at=two_days_ago)

    answer: Any = msgspec.json.decode(signed_in(milo).get(PORTFOLIO).content, type=ACCOUNTS)

    (found,) = answer.items
    account = Account.objects.get(customers__customer_id=CUSTOMER)
    assert (found.account_id, found.account, found.customers) == (account.pk, account.name, 1)
    assert (found.orders, found.failed, found.open, found.will_retry) == (2, 1, 0, 0)
    assert (len(found.months), sum(found.months), found.errors) == (12, 2, [])
    assert found.read_at == two_days_ago.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert (found.last_order or "")[:10] == found.read_at[:10]
    assert (answer.total_count, answer.freshness, answer.notices) == (1, "saved", [])
    assert answer.age == pytest.approx(2 * 86400, abs=60)
    assert upstreams.requests == []
    assert LedgerEntry.objects.get(action="view-portfolio").actor_id == milo.pk


def test_what_needs_somebody_is_listed_with_what_could_not_be_read(milo: Any) -> None:
    answer: Any = msgspec.json.decode(signed_in(milo).get(f"{ATTENTION}?kind=failed").content, type=ALERTS)

    (found,) = answer.items
    assert (found.kind, found.seen, found.customer_id, found.order_id) == (
        "failed",
        False,
        CUSTOMER,
        "1000000001",
    )
    assert (found.status, found.status_meaning, found.line_statuses) == ("1004", "Failed", "1004*1")
    assert [each.notice for each in answer.notices] == ["incomplete"]
    assert answer.notices[0].text.startswith("0 of 1 customers were read")


@pytest.mark.parametrize("address", [PORTFOLIO, ATTENTION])
def test_what_can_t_be_asked_for_is_a_problem(script: Client, address: str) -> None:
    refused = problem(script.get(f"{address}?limit=0"))

    assert told(refused) == {
        "status": 400,
        "cause": "bad-request",
        "source": None,
        "errors": {"limit": ["Ensure this value is greater than or equal to 1."]},
    }


@pytest.mark.parametrize("address", [PORTFOLIO, ATTENTION])
def test_a_page_of_the_list(script_of: Script, milo: Any, address: str) -> None:
    answer = script_of("supervisor").get(f"{address}?limit=1&offset=1").json()

    assert (len(answer["items"]), answer["totalCount"], answer["offset"], answer["limit"]) == (1, 2, 1, 1)


@pytest.mark.parametrize("address", [PORTFOLIO, ATTENTION])
def test_behind_the_end_of_the_list_there_is_nothing(script_of: Script, milo: Any, address: str) -> None:
    script = script_of("supervisor")

    assert script.get(f"{address}?offset=2").json()["items"] == []
    assert told(problem(script.get(f"{address}?offset=3"))) == {
        "status": 404,
        "cause": "out-of-range",
        "source": None,
        "errors": {},
    }


@pytest.mark.parametrize("address", [PORTFOLIO, ATTENTION, "/api/v1/exports"])
def test_a_parameter_that_there_is_none_of_is_named(script_of: Script, milo: Any, address: str) -> None:
    answer = script_of("supervisor").get(f"{address}?kinds=failed&limit=").json()

    notices = {each["notice"]: each["names"] for each in answer["notices"]}
    assert notices["ignored-parameters"] == ["kinds"]


@pytest.mark.parametrize("address", [PORTFOLIO, ATTENTION, "/api/v1/exports"])
def test_two_values_of_what_can_have_one_are_refused(script_of: Script, milo: Any, address: str) -> None:
    refused = problem(script_of("supervisor").get(f"{address}?limit=1&limit=2"))

    said = "It was given more than once, with different values: 1, 2. Give one."
    assert told(refused)["errors"] == {"limit": [said]}
