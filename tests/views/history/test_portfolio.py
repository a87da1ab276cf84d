"""A person's accounts: in numbers that lead somewhere, as far as they were read, and nobody else's."""

import random
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.management import call_command

from orders.index import write_now
from orders.index.refresh_models import CustomerRefresh, RefreshRun
from orders.index.seen_models import ReadChanges
from orders.ledger.models import LedgerEntry
from orders.people.models import Account, AccountCustomer, Assignment
from orders.sandbox import customers
from tests.pages import Page
from tests.personas import PASSWORD, person, signed_in
from tests.views.history.test_attention import (
    ADOBE,
    FABRIC,
    adobe_order,
    ago,
    fabric_order,
    one_of_each,
    retry,
    see,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def milo():
    """Manages an account with a customer at each upstream, and a small one."""
    who = person("milo", "account manager")
    for name, *of in (("Harbour Design", ADOBE, FABRIC), ("Vale Architects", ("adobe", "1000000099"))):
        account = Account.objects.create(name=name)
        Assignment.objects.create(account=account, person=who)
        for source, customer_id in of:
            AccountCustomer.objects.create(account=account, source=source, customer_id=customer_id)
    return who


def number_of(name):
    return Account.objects.get(name=name).pk


def read(customer, outcome="ok", error="", read_at=None):
    CustomerRefresh.objects.create(
        source=customer[0], customer_id=customer[1], outcome=outcome, error=error, read_at=read_at
    )


def page_of(who, address="/portfolio/", status=200):
    response = signed_in(who).get(address)
    assert response.status_code == status
    return Page(response)


def figures(page):
    """By account: customers, orders of 30 days, failed, open, will retry; in the order of the page."""
    names = ("data-customers", "data-orders", "data-failed", "data-open", "data-will-retry")
    return {
        row.all("a")[0].text.strip(): tuple(int(row[name]) for name in names)
        for row in page.root.all("tr", data_account_id=True)
    }


def test_each_account_has_its_numbers_and_whoever_needs_somebody_stands_first(milo):
    one_of_each()
    see(ADOBE, adobe_order("1000000009", created_at=ago(days=40)))
    see(FABRIC, fabric_order("59abf9d8f3b49844f19c7cb3", "RETRY", retry=retry(1), scheduled_at=ago(days=-2)))
    see(("adobe", "1000000099"), adobe_order("2000000001"))

    found = figures(page_of(milo))

    assert found == {"Harbour Design": (2, 8, 3, 2, 1), "Vale Architects": (1, 1, 0, 0, 0)}
    assert list(found) == ["Harbour Design", "Vale Architects"]


def test_a_number_leads_to_as_many_orders_on_the_board(milo):
    one_of_each()
    client = signed_in(milo)
    page = Page(client.get("/portfolio/"))

    for tile in page.root.all("a", class_="tile"):
        board = Page(client.get(tile["href"]))
        (result,) = board.root.all(data_total_count=True)
        assert result["data-total-count"] == tile.all("b")[0].text
    (row,) = (each for each in page.root.all("tr", data_account_id=True) if each["data-failed"] != "0")
    (link,) = row.all("a", class_="bad")
    (result,) = Page(client.get(link["href"])).root.all(data_total_count=True)
    assert result["data-total-count"] == row["data-failed"] == "3"


def test_orders_by_month_are_a_picture_and_a_table_of_the_same_numbers(milo):
    with time_machine.travel(datetime(2026, 11, 27, 12, tzinfo=UTC), tick=False):
        see(
            ADOBE,
            adobe_order("1000000001", created_at=datetime(2026, 11, 2, tzinfo=UTC)),
            adobe_order("1000000002", "1004", created_at=datetime(2026, 11, 3, tzinfo=UTC)),
            adobe_order("1000000003", created_at=datetime(2025, 12, 1, tzinfo=UTC)),
            adobe_order("1000000004", created_at=datetime(2025, 11, 30, tzinfo=UTC)),
        )
        page = page_of(milo)

    (picture,) = page.root.all("svg", class_="months")
    assert [title.text for title in picture.all("title")][-1] == (
        "2026-11: 1 completed, 0 open, 1 failed, 0 other"
    )
    months = {row.all("td")[0].text: [cell.text for cell in row.all("td")[1:]] for row in month_rows(page)}
    assert len(months) == 12
    assert months["2026-11"] == ["1", "0", "1", "0"]
    assert months["2025-12"] == ["1", "0", "0", "0"]


def month_rows(page):
    """Of the table beside the picture."""
    (card,) = (
        each for each in page.root.all("section") if each.attributes.get("aria-labelledby") == "months-title"
    )
    return [row for row in card.all("tr") if row.all("td")]


def test_what_changed_stays_new_until_it_is_marked_and_a_week_at_most(milo):
    begin = datetime(2026, 11, 20, 9, tzinfo=UTC)
    order = {"created_at": begin - timedelta(days=9)}
    with time_machine.travel(begin, tick=False):
        write_now("adobe", ADOBE[1], [adobe_order("1000000001", "1002", **order)])
    with time_machine.travel(begin + timedelta(hours=2), tick=False):
        write_now("adobe", ADOBE[1], [adobe_order("1000000001", "1000", **order)])
        write_now("adobe", ADOBE[1], [adobe_order("1000000002", "1002", created_at=begin)])
        client = signed_in(milo)
        page = Page(client.get("/portfolio/"))
        rows = {row.all("a")[0].text: row for row in page.root.all(data_change=True)}
        assert {name: row["data-change"] for name, row in rows.items()} == {
            "1000000001": "changed",
            "1000000002": "new",
        }
        assert "Processing → Completed" in rows["1000000001"].text

        (until,) = page.root.all("input", name="until")
        assert client.post("/portfolio/changes/read/", {"until": until["value"]}).status_code == 302
        assert Page(client.get("/portfolio/")).root.all(data_change=True) == []
        assert ReadChanges.objects.get().read_at == begin + timedelta(hours=2)
    with time_machine.travel(begin + timedelta(days=8), tick=False):
        ReadChanges.objects.all().delete()
        assert Page(signed_in(milo).get("/portfolio/")).root.all(data_change=True) == []


def test_who_could_not_be_read_is_counted_and_named(milo):
    read(ADOBE, read_at=datetime.now(UTC) - timedelta(minutes=12, seconds=30))
    read(FABRIC, "failed", "timeout", ago(days=1))

    page = page_of(milo)

    (notice,) = page.root.all(data_notice="incomplete")
    assert (notice["data-read"], notice["data-of"]) == ("1", "3")
    assert "failed: no answer in time" in page.text
    assert "read 12 min ago" in page.text


def test_accounts_are_found_by_a_part_of_their_name(milo):
    assert list(figures(page_of(milo, "/portfolio/?q=vale"))) == ["Vale Architects"]
    assert (
        "None of your accounts, and no company of theirs, is called anything like that."
        in page_of(milo, "/portfolio/?q=zzz").text
    )


def test_accounts_have_pages(milo):
    page = page_of(milo, "/portfolio/?limit=1&offset=1")

    assert list(figures(page)) == ["Vale Architects"]
    assert "Showing 2–2 of 2" in page.text


@pytest.mark.parametrize("query", ["?limit=0", "?offset=-1", "?changes=some", "?q=" + "x" * 201])
def test_what_can_t_be_asked_for_is_said(milo, query):
    assert "can't be used" in page_of(milo, f"/portfolio/{query}", 400).text


def test_a_look_is_in_the_ledger_without_what_was_searched_and_asks_no_upstream(milo, upstreams):
    page_of(milo, "/portfolio/?q=vale")

    entry = LedgerEntry.objects.get(action="view-portfolio")
    assert (entry.actor_id, entry.row_count, entry.details) == (
        milo.pk,
        1,
        '{"page": "portfolio", "text": true}',
    )
    assert upstreams.requests == []


def test_whose_orders_are_shown_as_changed_stands_in_the_ledger(milo):
    see(ADOBE, adobe_order("1000000001", created_at=ago(days=1)))
    page_of(milo)

    (entry,) = LedgerEntry.objects.filter(action="view-portfolio")
    assert entry.details == '{"customers": ["adobe 1000000007"], "page": "portfolio"}'


def test_an_account_shows_its_customers_and_their_orders_in_one_list(milo):
    read(ADOBE, read_at=datetime(2026, 11, 27, 9, tzinfo=UTC))
    read(FABRIC, "failed", "timeout")
    see(ADOBE, adobe_order("1000000001", created_at=ago(days=2)))
    see(FABRIC, fabric_order("59abf9d8f3b49844f19c7cb0", "SUCCESS", created_at=ago(days=1)))

    page = page_of(milo, f"/portfolio/{number_of('Harbour Design')}/")

    names = ("data-refreshed", "data-refresh-outcome", "data-error")
    assert {
        (row["data-source"], row["data-customer-id"]): tuple(row[name] for name in names)
        for row in page.root.all("tr", data_refresh_outcome=True)
    } == {ADOBE: ("2026-11-27T09:00:00+00:00", "ok", ""), FABRIC: ("", "failed", "timeout")}
    assert [
        (row["data-source"], row["data-customer-id"], row["data-order-id"])
        for row in page.root.all("tr", data_order_id=True)
    ] == [(*FABRIC, "59abf9d8f3b49844f19c7cb0"), (*ADOBE, "1000000001")]


@pytest.mark.parametrize("query", ["?limit=0", "?offset=x"])
def test_a_part_of_the_list_that_can_t_be_is_said(milo, query):
    page = page_of(milo, f"/portfolio/{number_of('Vale Architects')}/{query}", 400)

    assert "can't be used" in page.text


def test_an_account_with_ids_in_both_systems_shows_both_side_by_side(milo, upstreams):
    client = signed_in(milo)
    page = Page(client.get(f"/portfolio/{number_of('Harbour Design')}/"))
    assert upstreams.requests == []

    sides = [section for section in page.root.all("section", data_panel=True) if not section.get("hx-get")]
    assert [side["data-panel"] for side in sides] == ["adobe", "fabric"]
    places = [each for side in sides for each in side.all("section", data_panel=True) if each.get("hx-get")]
    assert [place["id"] for place in places] == [
        "panel-customer-adobe0", "panel-subscriptions-adobe0",
        "panel-customer-fabric0", "panel-subscriptions-fabric0",
    ]  # fmt: skip
    upstreams.script("adobe", [503, 503, 503])
    asked = [
        Page(client.get(each["hx-get"], headers={"HX-Request": "true", "HX-Target": each["id"]}))
        for each in (places[0], places[2])
    ]
    assert [each.status for each in asked] == [502, 200]
    assert [each.root.one("section")["id"] for each in asked] == [places[0]["id"], places[2]["id"]]


def test_somebody_else_s_account_looks_like_none(milo):
    other = Account.objects.create(name="Somebody else's")
    AccountCustomer.objects.create(account=other, source="adobe", customer_id="1000000098")
    client = signed_in(milo)

    theirs, nobodys = client.get(f"/portfolio/{other.pk}/"), client.get("/portfolio/99999/")

    assert (theirs.status_code, nobodys.status_code) == (404, 404)
    assert Page(theirs).text == Page(nobodys).text


def test_an_account_without_an_upstream_any_more_can_still_be_looked_at(milo):
    gone = Account.objects.create(name="Old system")
    Assignment.objects.create(account=gone, person=milo)
    AccountCustomer.objects.create(account=gone, source="retired", customer_id="7")
    see(("retired", "7"), adobe_order("1000000001"))

    page = page_of(milo, f"/portfolio/{gone.pk}/")

    assert [row["data-source"] for row in page.root.all("tr", data_order_id=True)] == ["retired"]


@pytest.mark.parametrize("seed", range(6))
def test_managers_with_overlapping_accounts_never_see_each_other_s_rest(seed):
    chance = random.Random(seed)
    managers = [person(f"manager{number}", "account manager") for number in range(2)]
    failed: dict[str, int] = {}
    for number in range(5):
        account = Account.objects.create(name=f"Account {number}")
        AccountCustomer.objects.create(account=account, source="adobe", customer_id=f"100000100{number}")
        failed[account.name] = chance.randint(0, 3)
        orders = [adobe_order(f"20000{number}000{each}", "1004") for each in range(failed[account.name])]
        see(("adobe", f"100000100{number}"), *orders)
        for manager in managers:
            if chance.random() < 0.5:
                Assignment.objects.create(account=account, person=manager)

    for manager in managers:
        own = set(Assignment.objects.filter(person=manager).values_list("account__name", flat=True))
        page = page_of(manager)
        assert {name: row[2] for name, row in figures(page).items()} == {name: failed[name] for name in own}
        tiles = page.root.all("a", class_="tile")
        assert not own or int(tiles[0].all("b")[0].text) == sum(failed[name] for name in own)


class TestRefresh:
    @pytest.fixture
    def asked(self, milo, upstreams):
        return signed_in(milo)

    def test_the_chosen_accounts_customers_wait_to_be_read(self, asked, milo):
        vale = number_of("Vale Architects")
        answer = asked.post("/portfolio/refresh/", {"account": vale, "from": "account"})

        assert answer["Location"] == f"/portfolio/{vale}/"
        waiting = CustomerRefresh.objects.exclude(run=None)
        assert list(waiting.values_list("customer_id", flat=True)) == ["1000000099"]
        assert RefreshRun.objects.get().by == "milo"
        (progress,) = page_of(milo).root.all(data_progress=True)
        assert progress["data-progress"] == "67"

    def test_its_progress_leaves_no_row_in_the_ledger_and_at_the_end_the_page_is_new(self, asked):
        asked.post("/portfolio/refresh/")
        under_way = asked.get("/portfolio/progress/")
        CustomerRefresh.objects.update(run=None)
        over = asked.get("/portfolio/progress/")

        assert 'data-progress="0"' in under_way.content.decode()
        assert (under_way.get("HX-Refresh"), over.get("HX-Refresh")) == (None, "true")
        assert not LedgerEntry.objects.filter(action="view-portfolio").exists()

    def test_nobody_is_read_twice_at_once(self, asked):
        asked.post("/portfolio/refresh/")
        asked.post("/portfolio/refresh/")

        assert RefreshRun.objects.get().customers == 3

    def test_of_somebody_else_s_accounts_nobody_is_read(self, asked):
        other = Account.objects.create(name="Somebody else's")
        AccountCustomer.objects.create(account=other, source="adobe", customer_id="1000000098")
        asked.post("/portfolio/refresh/", {"account": other.pk})

        assert not CustomerRefresh.objects.exists()


@pytest.mark.parametrize(
    ("role", "lands"),
    [("account manager", "/portfolio/"), ("customer-service agent", "/"), ("supervisor", "/")],
)
def test_whoever_has_accounts_of_their_own_begins_there(role, lands, client):
    person("mo", role)

    answer = client.post("/accounts/login/", {"login": "mo", "password": PASSWORD})

    assert answer["Location"] == lands


def test_the_sandbox_s_customers_are_read_and_then_counted(milo, upstreams):
    account = Account.objects.create(name="Sandbox")
    Assignment.objects.create(account=account, person=milo)
    AccountCustomer.objects.create(account=account, source="fabric", customer_id=customers.FABRIC_CALM)
    call_command("refresh_orders", "--account", "Sandbox", verbosity=0)

    page = page_of(milo, f"/portfolio/{account.pk}/")

    (row,) = page.root.all("tr", data_refresh_outcome="ok")
    (result,) = page.root.all(data_total_count=True)
    assert int(result["data-total-count"]) > 0
    assert row["data-refreshed"]
