"""A list of numbers is one look-up, its file one of the day's, and both say whose orders they showed."""

import json
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from orders.ledger import LedgerEntry
from tests.index.seen import adobe_order, see
from tests.personas import person, signed_in

pytestmark = pytest.mark.django_db

CUSTOMER, OTHER = "1000000007", "1000000137"


@pytest.fixture
def mara() -> Client:
    see(adobe_order(), adobe_order("7777777777", lines=()))
    see(adobe_order("8888888888", customer_id=OTHER, lines=()), customer_id=OTHER)
    return signed_in(person("mara", "supervisor"))


def paste(browser: Client) -> Any:
    return browser.post("/lookup/", {"q": "5883578824\n8888888888\n4040404040", "source": ""})


def test_each_list_that_is_pasted_counts_once(mara: Client, settings: Any) -> None:
    settings.LIMIT_LOOKUPS_PER_HOUR = 1

    address = paste(mara).headers["Location"]

    assert mara.get(address).status_code == mara.get(address).status_code == 200
    assert paste(mara).status_code == 429


def test_its_file_counts_as_one_of_the_day(mara: Client, settings: Any) -> None:
    settings.LIMIT_EXPORTS_PER_DAY = 1
    address = paste(mara).headers["Location"]

    assert mara.get(f"{address}export/").getvalue().startswith(b"pasted,outcome,")
    assert mara.get(f"{address}export/").status_code == 429

    assert LedgerEntry.objects.filter(action="export-download").count() == 1


def test_a_number_of_several_customers_names_them_too(mara: Client) -> None:
    assert mara.post("/lookup/", {"q": "PO-77", "source": ""}).status_code == 303

    entry = LedgerEntry.objects.filter(action="look-up").get()
    assert json.loads(entry.details)["customers"] == [f"adobe {CUSTOMER}", f"adobe {OTHER}"]


@pytest.mark.parametrize(("end", "action"), [("", "look-up"), ("export/", "export-download")])
def test_the_ledger_names_whose_orders_were_found(
    end: str, action: str, mara: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = mara.get(f"{paste(mara).headers['Location']}{end}")
    assert (answer.status_code, b"5883578824" in answer.getvalue()) == (200, True)

    entry = LedgerEntry.objects.filter(action=action).latest("id")
    assert json.loads(entry.details)["customers"] == [f"adobe {CUSTOMER}", f"adobe {OTHER}"]
    call_command("person_report", "--customer", f"adobe:{OTHER}")
    assert f"  mara: {action} 1 times" in capsys.readouterr().out
