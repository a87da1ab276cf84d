"""What customers' companies are called: remembered apart, for the search of accounts and their pages."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from orders.index import company_names
from orders.index.company_models import CompanyName
from orders.sandbox import customers
from tests.pages import Page
from tests.personas import assign, person, signed_in

pytestmark = pytest.mark.django_db

CUSTOMER = customers.ADOBE_ORDINARY


@pytest.fixture
def manager(upstreams):
    who = person("mara", "account manager")
    assign(who, "adobe", CUSTOMER, account="Vale Architects")
    return who


def found(client, text):
    page = Page(client.get("/portfolio/", {"q": text}))
    return len(page.main.all("tr", data_account_id=True))


def test_an_account_is_found_by_the_name_that_a_panel_has_shown_and_its_page_says_it(manager):
    client = signed_in(manager)
    account = assign(manager, "adobe", CUSTOMER, account="Vale Architects")
    panel = Page(client.get(f"/adobe/customers/{CUSTOMER}/"))
    name = CompanyName.objects.get().name

    assert name in panel.root.text
    assert (found(client, name[2:9].upper()), found(client, "vale"), found(client, "nobody")) == (1, 1, 0)
    row = Page(client.get(f"/portfolio/{account.pk}/")).main.one("tr", data_customer_id=CUSTOMER)
    assert name in row.text


def test_a_name_is_nobodys_search_but_theirs_who_manage_the_customer(manager):
    company_names.remember_company("adobe", CUSTOMER, "Grey Heron Press")
    other = person("ines", "account manager")
    assign(other, "adobe", customers.ADOBE_SMALL, account="Other")

    assert (found(signed_in(manager), "heron"), found(signed_in(other), "heron")) == (1, 0)


def test_where_names_are_not_shown_none_is_kept_and_those_that_were_are_forgotten(manager, settings):
    company_names.remember_company("adobe", "1000000001", "Grey Heron Press")
    settings.SHOW_COMPANY_NAMES = False
    signed_in(manager).get(f"/adobe/customers/{CUSTOMER}/")

    assert [each.customer_id for each in CompanyName.objects.all()] == ["1000000001"]
    assert company_names.company_names([("adobe", "1000000001")]) == {}
    assert company_names.forget_old() == 1


def test_a_name_is_forgotten_when_orders_are(settings):
    settings.INDEX_RETENTION_DAYS = 400
    company_names.remember_company("adobe", "1000000001", "Grey Heron Press")
    with time_machine.travel(timezone.now() + timedelta(days=399)):
        assert company_names.forget_old() == 0
    with time_machine.travel(timezone.now() + timedelta(days=401)):
        assert company_names.forget_old() == 1


def heading(client):
    return Page(client.get(f"/adobe/customers/{CUSTOMER}/orders/")).main.all("h1")[0].text


def test_a_customer_is_called_as_their_account_is_above_their_orders(manager):
    company_names.remember_company("adobe", CUSTOMER, "Grey Heron Press")

    assert heading(signed_in(manager)) == "Vale Architects"


def test_without_an_account_they_are_called_as_their_company_is_and_else_by_their_number(upstreams, settings):
    ada = signed_in(person("ada", "customer-service agent"))
    before = heading(ada)
    company_names.remember_company("adobe", CUSTOMER, "Grey Heron Press")
    after = heading(ada)
    settings.SHOW_COMPANY_NAMES = False

    assert (CUSTOMER in before, after, CUSTOMER in heading(ada)) == (True, "Grey Heron Press", True)


def test_nobody_learns_the_name_of_a_customer_who_is_not_theirs(manager):
    company_names.remember_company("adobe", customers.ADOBE_SMALL, "Grey Heron Press")
    page = signed_in(manager).get(f"/adobe/customers/{customers.ADOBE_SMALL}/orders/")

    assert b"Grey Heron" not in page.content
