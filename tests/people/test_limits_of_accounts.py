"""An account's page shows orders of several customers: each of them is a look, limited and written down."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client

from orders.ledger import LedgerEntry
from orders.people.models import Account
from tests.index.seen import NOON, adobe_order, see
from tests.personas import assign, person, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def thief() -> Client:
    """Has the session of somebody who sees everybody's customers: six of two accounts, with an order each."""
    milo = person("milo", "account manager")
    for number in range(6):
        customer_id = f"100000000{number}"
        assign(milo, "adobe", customer_id, account="Quay" if number < 3 else "Mill")
        see(adobe_order(f"90{number}", customer_id=customer_id), customer_id=customer_id)
    return signed_in(person("pat", "supervisor"))


def open_account(browser: Client, name: str, query: str = "") -> int:
    return browser.get(f"/portfolio/{Account.objects.get(name=name).pk}/{query}").status_code


def test_each_customer_whose_orders_are_shown_counts_once(thief: Client, settings: Any) -> None:
    settings.LIMIT_CUSTOMERS_PER_HOUR = 5

    assert [open_account(thief, name) for name in ("Quay", "Quay", "Mill", "Quay")] == [200, 200, 429, 200]
    refused = LedgerEntry.objects.get(action="refused")
    assert (refused.outcome, refused.details) == (
        "refused-limit", '{"limit": 5, "tried": "customers", "used": 3}',
    )  # fmt: skip

    settings.LIMIT_CUSTOMERS_PER_HOUR = 6
    assert open_account(thief, "Mill") == 200
    assert thief.get("/adobe/customers/1000000001/orders/").status_code != 429
    assert thief.get("/adobe/customers/1000000099/orders/").status_code == 429


def test_they_are_free_again_after_an_hour(thief: Client, settings: Any) -> None:
    settings.LIMIT_CUSTOMERS_PER_HOUR = 3
    settings.SESSION_IDLE_SECONDS = 10**6
    with time_machine.travel(NOON, tick=False) as clock:
        thief.force_login(person("olga", "supervisor"))
        assert open_account(thief, "Quay") == 200
        clock.shift(timedelta(minutes=59))
        assert open_account(thief, "Mill") == 429
        clock.shift(timedelta(minutes=2))
        assert open_account(thief, "Mill") == 200


def test_an_account_of_more_customers_than_may_be_seen_is_not_shown(thief: Client, settings: Any) -> None:
    settings.LIMIT_CUSTOMERS_PER_HOUR = 2

    assert open_account(thief, "Quay") == 429
    settings.LIMIT_CUSTOMERS_PER_HOUR = 0
    assert open_account(thief, "Quay") == 200


def test_what_needs_attention_is_written_down_with_whose_it_is_too(thief: Client) -> None:
    see(adobe_order("77", customer_id="1000000005", status="1004"), customer_id="1000000005")
    with time_machine.travel(NOON, tick=False):
        thief.force_login(person("olga", "supervisor"))
        thief.get("/attention/")

    entry = LedgerEntry.objects.get(action="view-attention")
    assert '"customers": ["adobe 1000000005"]' in entry.details


def test_the_ledger_says_whose_orders_were_shown_and_so_does_the_report(thief: Client, capsys: Any) -> None:
    open_account(thief, "Quay")

    entry = LedgerEntry.objects.get(action="view-portfolio")
    assert '"customers": ["adobe 1000000000", "adobe 1000000001", "adobe 1000000002"]' in entry.details
    for customer_id, looks in (("1000000001", 1), ("1000000004", 0)):
        call_command("person_report", "--customer", f"adobe:{customer_id}")
        said = capsys.readouterr().out
        assert f"entries in the ledger: {looks}\n" in said
        assert ("pat: view-portfolio 1 times" in said) is bool(looks)
