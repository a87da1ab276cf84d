"""Named sets of accounts: their owner's alone, and never more than is theirs at the time."""

import pytest

from orders.index.refresh_models import CustomerRefresh
from orders.ledger.models import LedgerEntry
from orders.people.account_set_models import AccountSet
from orders.people.api_tokens import Scope, make_token
from orders.people.models import Account, AccountCustomer, Assignment
from tests.pages import Page
from tests.personas import person, signed_in
from tests.views.history.test_attention import adobe_order, see

pytestmark = pytest.mark.django_db

NAMES = ("Alder", "Birch", "Cedar")
CUSTOMERS = {name: ("adobe", f"100000000{place}") for place, name in enumerate(NAMES, 1)}


@pytest.fixture
def milo():
    """Manages three accounts, each with one customer, who has one order that failed."""
    who = person("milo", "account manager")
    for name in NAMES:
        account = Account.objects.create(name=name)
        Assignment.objects.create(account=account, person=who)
        source, customer_id = CUSTOMERS[name]
        AccountCustomer.objects.create(account=account, source=source, customer_id=customer_id)
        see(CUSTOMERS[name], adobe_order(f"{customer_id}77", "1004"))
    return who


def number_of(name):
    return Account.objects.get(name=name).pk


def make(client, name, *accounts):
    sent = {"name": name, "account": [number_of(each) for each in accounts]}
    return client.post("/portfolio/sets/", sent)


def shown(client, address):
    """The accounts on the portfolio, or those whose orders stand on the board."""
    page = Page(client.get(address))
    if address.startswith("/attention/"):
        return sorted(row["data-customer-id"] for row in page.root.all("tr", data_order_id=True))
    return sorted(row.all("a")[0].text.strip() for row in page.root.all("tr", data_account_id=True))


def test_a_set_stands_wherever_accounts_are_chosen(milo, upstreams):
    client = signed_in(milo)
    assert make(client, "Mine", "Alder", "Cedar").status_code == 302

    number = AccountSet.objects.get().pk
    customers = [CUSTOMERS[name][1] for name in ("Alder", "Cedar")]
    for given in (f"set={number}", "set=mine", f"account={number_of('Alder')}&set=Mine"):
        assert shown(client, f"/portfolio/?{given}") == ["Alder", "Cedar"]
        assert shown(client, f"/attention/?{given}") == customers
        file = client.get(f"/attention/export/?{given}").getvalue().decode()
        assert [each in file for _, each in CUSTOMERS.values()] == [True, False, True]
    client.post("/portfolio/refresh/", {"set": "Mine"})
    assert sorted(CustomerRefresh.objects.values_list("customer_id", flat=True)) == customers
    assert '"set": ["mine"]' in LedgerEntry.objects.filter(action="view-portfolio")[1].details


def test_scripts_choose_by_set_too(milo):
    make(signed_in(milo), "Mine", "Birch")
    _, token = make_token(owner=milo, name="nightly", scopes=[Scope.READ])
    client, headers = signed_in(person("robin")), {"Authorization": f"Bearer {token}"}

    accounts = client.get("/api/v1/portfolio?set=Mine", headers=headers).json()
    alerts = client.get("/api/v1/attention?set=Mine", headers=headers).json()

    assert [each["account"] for each in accounts["items"]] == ["Birch"]
    assert [each["account"] for each in alerts["items"]] == ["Birch"]


def test_what_is_not_ones_own_leads_to_nothing_and_never_to_everything(milo):
    make(signed_in(milo), "Mine", "Alder")
    number = AccountSet.objects.get().pk
    robin = person("robin", "supervisor")  # sees all accounts, and no set of Milo's
    client = signed_in(robin)

    for given in (f"set={number}", "set=Mine", "set=99999"):
        assert shown(client, f"/portfolio/?{given}") == []
        assert shown(client, f"/attention/?{given}") == []
    assert shown(client, "/portfolio/?set=") == list(NAMES)
    for address in (f"/portfolio/sets/{number}/", f"/portfolio/sets/{number}/delete/"):
        assert client.post(address, {"name": "Taken"}).status_code == 404
    assert AccountSet.objects.get().name == "Mine"
    assert Page(client.get("/portfolio/sets/")).root.all("tr", data_set_id=True) == []


def test_what_one_has_lost_since_is_not_in_it_any_more(milo):
    client = signed_in(milo)
    make(client, "Mine", "Alder", "Birch")
    Assignment.objects.filter(account=number_of("Birch")).delete()

    assert shown(client, "/portfolio/?set=Mine") == ["Alder"]
    assert "Birch" not in Page(client.get("/portfolio/sets/")).html
    # It was neither seen nor taken out: should it come back, it is in the set again.
    number = AccountSet.objects.get().pk
    client.post(f"/portfolio/sets/{number}/", {"name": "Ours", "account": number_of("Cedar")})
    Assignment.objects.create(account=Account.objects.get(name="Birch"), person=milo)
    assert shown(client, "/portfolio/?set=ours") == ["Birch", "Cedar"]


def save_as_shown(client, address, **changes):
    """Send the form of the set's page as it stands, with other values of some fields."""
    form = Page(client.get(address)).root.one("form", class_="in", method="post")
    boxes = [box for box in form.all("input") if box.get("type") != "checkbox" or "checked" in box.attributes]
    sent: dict[str, list[str]] = {}
    for box in boxes:
        sent.setdefault(box["name"], []).append(box.get("value") or "")
    return client.post(form["action"], sent | changes)


@pytest.mark.parametrize(("text", "left"), [("ced", 1), ("nothing like it", 0), ("ald", 1), ("", 3)])
def test_saving_what_a_search_has_found_keeps_what_it_hides(milo, text, left):
    client = signed_in(milo)
    make(client, "Mine", "Alder", "Birch")
    address = f"/portfolio/sets/{AccountSet.objects.get().pk}/"
    assert Page(client.get(f"{address}?q={text}")).html.count('name="shown"') == left

    assert save_as_shown(client, f"{address}?q={text}", name="").status_code == 400
    save_as_shown(client, f"{address}?q={text}", name="Ours")

    assert shown(client, "/portfolio/?set=ours") == ["Alder", "Birch"]


def test_a_form_that_came_back_with_an_error_still_has_what_the_search_hid(milo):
    client = signed_in(milo)
    make(client, "Mine", "Alder", "Birch")
    address = f"/portfolio/sets/{AccountSet.objects.get().pk}/"

    refused = client.post(
        f"{address}?q=ced", {"name": "12", "shown": number_of("Cedar"), "account": number_of("Cedar")}
    )
    again = client.post(address, {"name": "12", "shown": number_of("Cedar"), "account": number_of("Cedar")})

    ticked = Page(refused).root.all("input", name="account", checked=True)
    assert [box["value"] for box in ticked] == [str(number_of("Cedar"))]
    all_ticked = Page(again).root.all("input", name="account", checked=True)
    assert {box["value"] for box in all_ticked} == {str(number_of(name)) for name in NAMES}


def test_accounts_of_others_cant_be_put_into_a_set(milo):
    foreign = Account.objects.create(name="Foreign")
    client = signed_in(milo)
    client.post("/portfolio/sets/", {"name": "Mine", "account": [foreign.pk, number_of("Alder")]})

    assert [each.name for each in AccountSet.objects.get().accounts.all()] == ["Alder"]


@pytest.mark.parametrize("name", ["", "12", "MINE", "x" * 81])
def test_a_name_that_cant_be_meant_is_refused_with_words(milo, name):
    client = signed_in(milo)
    make(client, "Mine", "Alder")

    response = make(client, name, "Birch")

    assert response.status_code == 400
    assert Page(response).root.all(class_="field-error")
    assert AccountSet.objects.count() == 1
