"""A customer found by the company's name, among those of a reseller: with the traps of such lists."""

import pytest

from orders.ledger.models import LedgerEntry
from orders.people.models import Account, AccountCustomer, AccountImport
from orders.sandbox import customers
from tests.pages import Page
from tests.personas import assign, person, signed_in

pytestmark = pytest.mark.django_db

BIG = f"/adobe/resellers/{customers.ADOBE_BIG_RESELLER}/customers/"
KNOWN = f"/adobe/resellers/{customers.ADOBE_RESELLER}/customers/"


def ids(page):
    return [row["data-customer-id"] for row in page.root.all("tr", data_customer_id=True)]


def sent(upstreams):
    return dict(upstreams.requests[-1].query)


def test_a_part_of_a_name_finds_customers_and_leads_to_their_orders(portal, upstreams):
    page = Page(portal.get(f"{BIG}?company-name=alder"))

    assert len(ids(page)) == 2
    assert sent(upstreams) == {"company-name": "*alder*", "limit": "50", "offset": "0"}
    assert page.root.one("tr", data_customer_id=ids(page)[0]).one("a")["href"] == (
        f"/adobe/customers/{ids(page)[0]}/orders/"
    )
    entry = LedgerEntry.objects.get(action="look-up")
    assert "alder" not in str(entry.details).lower()
    assert ids(page)[0] in str(entry.details)


def test_a_count_that_stops_says_so_and_the_list_goes_on(portal, upstreams):
    page = Page(portal.get(BIG))
    last = Page(portal.get(f"{BIG}?offset=10000"))

    assert "10,000 or more" in page.text
    assert page.root.one(data_notice="count")
    assert "offset=50" in page.link("next")
    assert len(ids(last)) == 3
    assert sent(upstreams)["offset"] == "10000"


def test_numbers_of_the_list_are_written_as_the_reader_writes_them(upstreams):
    client = signed_in(person("gerd", "supervisor"))
    client.post("/settings/", {"language": "de"})

    page = Page(client.get(f"{BIG}?offset=10000"))

    assert "10.001–10.003 von" in page.text
    assert "10,0" not in page.text


def test_a_pattern_is_sent_as_it_is_and_inactive_ones_are_asked_for(portal, upstreams):
    Page(portal.get(f"{BIG}?company-name=Star*"))
    assert sent(upstreams)["company-name"] == "Star*"

    lapsed = Page(portal.get(f"{KNOWN}?status=1004"))
    assert ids(lapsed) == [customers.ADOBE_LAPSED]
    assert customers.ADOBE_LAPSED not in ids(Page(portal.get(KNOWN)))


def test_a_reseller_that_there_is_not_and_a_bad_value(portal, upstreams):
    assert Page(portal.get("/adobe/resellers/0000000404/customers/")).error_word == "not-found"
    assert portal.get(f"{KNOWN}?status=9").status_code == 400
    assert portal.get("/fabric/resellers/1/customers/").status_code == 404
    assert len(upstreams.requests) == 1


def test_without_the_scope_of_everybody_there_is_no_such_list(upstreams):
    manager = person("mark", "account manager")
    assign(manager, "adobe", customers.ADOBE_ORDINARY)

    page = Page(signed_in(manager).get(KNOWN))

    assert (page.status, page.error_word) == (404, "not-found")
    assert upstreams.requests == []
    assert LedgerEntry.objects.get(action="refused").outcome == "refused-scope"


@pytest.mark.parametrize("customer_id", [customers.ADOBE_UNKNOWN, customers.ADOBE_EMPTY])
def test_from_a_customer_without_orders_ways_lead_on(portal, customer_id):
    account = Account.objects.create(name="Harbour", reseller_id=customers.ADOBE_RESELLER)
    AccountCustomer.objects.create(account=account, source="adobe", customer_id=customer_id)

    page = Page(portal.get(f"/adobe/customers/{customer_id}/orders/"))

    links = [each["href"] for each in page.root.all("a")]
    assert KNOWN in links
    assert f"/fabric/customers/{customer_id}/orders/" in links


def test_an_administrator_takes_customers_into_accounts_and_sees_it_before(upstreams):
    boss = signed_in(person("ines", "administrator"))
    pair = ids(Page(boss.get(f"{BIG}?company-name=alder")))

    answer = boss.post(f"{BIG}?company-name=alder", {"customer": pair})
    assert answer.status_code == 302
    preview = Page(boss.get(answer["Location"]))

    outcomes = [row["data-outcome"] for row in preview.root.all(data_outcome=True)]
    assert outcomes == ["new", "new"]
    assert f"Alder & Finch ({pair[0]})" in preview.text
    assert Account.objects.count() == 0


def script_list(upstreams, *names):
    accounts = [
        {"customerId": f"44000010{number:02}", "status": "1000", "companyProfile": {"companyName": name}}
        for number, name in enumerate(names)
    ]
    body = {"totalCount": len(names), "count": len(names), "offset": 0, "limit": 50, "accounts": accounts}
    upstreams.script("adobe", [{"status": 200, "body": body}] * 3)


def test_a_name_that_holds_somebody_s_numbers_is_shown_without_them_and_names_no_account(upstreams):
    boss = signed_in(person("ines", "administrator"))
    mail, phone, street = "kim@quay.example", "+49 30 1234567", "12 Harbour Street"
    script_list(upstreams, f"Kim {mail}", f"Kim {phone}", f"Kim, {street}", "Quay Ltd")

    page = Page(boss.get(f"{KNOWN}?fresh=1"))
    boss.post(KNOWN)
    upstreams.clear_faults()

    kept = AccountImport.objects.get().text
    assert [value for value in (mail, phone, street) if value in page.text + kept] == []
    assert "Quay Ltd" in page.text
    names = [line.split(",")[0] for line in kept.splitlines()[1:]]
    assert names == ["4400001000", "4400001001", "4400001002", "Quay Ltd"]


def test_where_companies_names_are_not_shown_none_is_found_shown_or_kept(upstreams, settings):
    settings.SHOW_COMPANY_NAMES = False
    boss = signed_in(person("ines", "administrator"))

    page = Page(boss.get(f"{BIG}?company-name=alder"))
    assert len(ids(page)) == 50
    assert "company-name" not in sent(upstreams)
    assert not page.root.all("input", name="company-name")
    assert "Client 0" not in page.text

    answer = boss.post(BIG, {"customer": ids(page)[:2]})
    preview = Page(boss.get(answer["Location"]))
    assert "Client 0" not in AccountImport.objects.get().text + preview.text
    assert ids(page)[0] in preview.text


def test_each_customer_named_is_one_whom_the_person_looks_at(portal, settings, upstreams):
    settings.LIMIT_CUSTOMERS_PER_HOUR = 52

    first = portal.get(BIG)
    again = portal.get(f"{BIG}?fresh=1")
    behind = portal.get(f"{BIG}?offset=50", headers={"accept": "text/html"})
    last = portal.get(f"{BIG}?company-name=alder")

    assert [each.status_code for each in (first, again, behind, last)] == [200, 200, 429, 200]
    assert Page(behind).error_word == "limit"
    assert ids(Page(behind)) == []
    assert LedgerEntry.objects.get(action="refused").outcome == "refused-limit"
