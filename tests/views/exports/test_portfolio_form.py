"""The form of a file over all customers of some accounts, and the same for scripts."""

import pytest
from django.test import Client

from orders import exports
from orders.exports.models import Export
from orders.people.api_tokens import make_token
from orders.people.models import Account
from orders.sandbox import customers
from tests.pages import Page
from tests.personas import assign, person, signed_in
from tests.views.exports.answers import body

pytestmark = pytest.mark.django_db

BROWSER = {"Accept": "text/html"}
ADDRESS = "/portfolio/export/"


@pytest.fixture
def milo(upstreams, export_dir):
    who = person("milo", "account manager")
    assign(who, "adobe", customers.ADOBE_SMALL, "Harbour Design")
    assign(who, "fabric", customers.FABRIC_CALM, "Harbour Design")
    assign(who, "adobe", customers.ADOBE_ORDINARY, "Vale Architects")
    return who


def test_the_form_says_of_whom_the_file_would_be(milo):
    client = signed_in(milo)
    vale = Account.objects.get(name="Vale Architects").pk
    (link,) = Page(client.get(f"/portfolio/?account={vale}")).root.all("a", data_export=True)
    assert link["href"] == f"{ADDRESS}?account={vale}"

    page = Page(client.get(link["href"]))
    assert page.root.one("p", data_customers=True)["data-customers"] == "1"
    assert "Vale Architects" in page.text
    assert "Harbour Design" not in page.text
    assert (
        Page(client.get(f"{ADDRESS}?source=fabric"))
        .root.one("p", data_customers=True)
        .text.startswith("1 customer now, of: Harbour Design")
    )


def test_what_the_form_sends_makes_the_file(milo):
    client = signed_in(milo)
    sent = {"source": "adobe", "file": "lines.csv", "start-date": "2000-01-01", "status": ["1000"]}

    answer = client.post(ADDRESS, sent, headers=BROWSER)

    made = Export.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/exports/{made.pk}/")
    assert (made.source, made.rows, made.customer_id) == ("adobe", "lines", "")
    assert "status=1000" in made.query
    shown = Page(client.get(f"/exports/{made.pk}/"))
    assert "Adobe portfolio" in shown.text
    assert Page(client.get("/exports/")).root.one("tr", data_export=True)["data-state"] == "waiting"
    assert client.post(ADDRESS, sent).status_code == 202


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, "source: Choose one of: adobe, fabric."),
        ({"source": "ebay"}, "source: Choose one of: adobe, fabric."),
        ({"source": "adobe", "account": "x"}, "account: "),
        ({"source": "adobe", "account": "999"}, "account: None of these accounts is yours"),
        ({"source": "adobe", "set": "nobody's"}, "account: None of these accounts is yours"),
        ({"source": "adobe", "start-date": "yesterday"}, "start-date: "),
        ({"source": "adobe", "colour": "red"}, "colour: There is no such parameter"),
        ({"source": "fabric", "format": "pdf"}, "format: "),
    ],
)
def test_what_cant_be_made_is_said_and_nobody_is_asked(milo, upstreams, sent, said):
    client = signed_in(milo)
    answer = client.post(ADDRESS, sent)

    assert (answer.status_code, upstreams.requests) == (400, [])
    assert said in answer.content.decode()
    page = client.post(ADDRESS, sent, headers=BROWSER)
    assert page.status_code == 400
    assert Page(page).root.one("form", id="export")
    assert not Export.objects.exists()


@pytest.mark.parametrize("as_given", [int, str, lambda number: [number], lambda number: [str(number)]])
def test_scripts_write_an_accounts_number_as_json_or_as_an_address_does(milo, as_given):
    headers = {"Authorization": f"Bearer {make_token(owner=milo, name='nightly')[1]}"}
    vale = Account.objects.get(name="Vale Architects").pk
    wanted = {"source": "adobe", "account": as_given(vale)}

    made = Client().post("/api/v1/exports", wanted, content_type="application/json", headers=headers)

    assert (made.status_code, made.json()["account"]) == (202, [vale])


def test_scripts_ask_for_accounts_or_sets_and_fetch_the_file(milo):
    client, headers = Client(), {"Authorization": f"Bearer {make_token(owner=milo, name='nightly')[1]}"}

    def ask(**wanted):
        return client.post("/api/v1/exports", wanted, content_type="application/json", headers=headers)

    vale = Account.objects.get(name="Vale Architects").pk
    record = ask(source="adobe", account=vale, filters={"start-date": "2000-01-01"}).json()
    assert (record["customerId"], record["account"], record["set"]) == (None, [vale], [])
    assert ask(source="adobe", account=[]).status_code == 202
    assert ask(source="adobe", set="nobody's").json()["errors"].keys() == {"set"}
    assert ask(source="adobe", set=1, customerId=customers.ADOBE_SMALL).status_code == 400
    assert ask(source="adobe").status_code == 400

    from tests.exports.results import work

    work()
    found = client.get(f"/api/v1/exports/{record['id']}", headers=headers).json()
    assert (found["state"], found["customers"]) == ("complete", 1)
    file = client.get(f"/api/v1/exports/{record['id']}/file", headers=headers)
    assert file["Content-Disposition"].startswith('attachment; filename="orders_adobe_portfolio_')
    assert (
        body(file).decode().splitlines()[1].startswith(f"Vale Architects,adobe,{customers.ADOBE_ORDINARY},")
    )
    assert exports.exports_of(milo).count() == 2
