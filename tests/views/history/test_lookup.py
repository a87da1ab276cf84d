"""The look-up box on the first page."""

import pytest
from django.contrib.auth.models import User

from orders.ledger.models import Action, LedgerEntry
from orders.people.models import Account
from orders.sandbox import credentials, customers
from tests.pages import Page
from tests.personas import assign, person, signed_in

pytestmark = pytest.mark.django_db

ADOBE = f"/adobe/customers/{customers.ADOBE_SMALL}/orders/"


def look_up(portal, text, source=""):
    return portal.post("/lookup/", {"q": text, "source": source})


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (customers.ADOBE_SMALL, ADOBE),
        (customers.FABRIC_MAIN, f"/fabric/customers/{customers.FABRIC_MAIN}/orders/"),
        (f"{customers.ADOBE_SMALL} 5000000001", f"{ADOBE}5000000001/"),
        (f"GET /v3/customers/{customers.ADOBE_SMALL}/orders", ADOBE),
        (
            f"'https://partners.adobe.io/v3/customers/{customers.ADOBE_SMALL}/orders?status=1000&status=1002'",
            f"{ADOBE}?status=1000&status=1002",
        ),
        (
            f"https://x.example/v3/customers/{customers.ADOBE_SMALL}/orders/5000000001?fetch-price=true",
            f"{ADOBE}5000000001/?fetch-price=true",
        ),
        (f"http://testserver{ADOBE}?limit=50&offset=50", f"{ADOBE}?limit=50&offset=50"),
    ],
)
def test_a_paste_leads_to_its_page(portal, upstreams, text, address):
    response = look_up(portal, text)

    assert (response.status_code, response.url) == (303, address)
    assert upstreams.requests == []


def test_the_chosen_upstream_is_asked_even_for_an_id_of_another_look(portal):
    assert look_up(portal, customers.ADOBE_SMALL, "fabric").url == (
        f"/fabric/customers/{customers.ADOBE_SMALL}/orders/"
    )


def choices(page):
    return [(link.text, link["href"]) for link in page.main.one(data_choices=True).all("a")]


def readings(portal, text, source=""):
    """What each number of the text may be, by its number; of one that nobody has seen."""
    response = look_up(portal, text, source)
    assert response.status_code == 303
    rows = Page(portal.get(response.url)).main.all("tr", data_lookup=True)
    return {row["data-lookup"]: [(link.text, link["href"]) for link in row.all("a")] for row in rows}


def test_an_id_of_either_upstream_is_asked_for_at_both(portal):
    long = "123456789012345678901234"

    assert readings(portal, f"{long} 77")["77"] == [
        (f"Adobe: order 77 of customer {long}", f"/adobe/customers/{long}/orders/77/"),
        (f"fabric: order 77 of customer {long}", f"/fabric/customers/{long}/orders/77/"),
    ]


def test_short_digits_are_offered_for_both_upstreams(portal, upstreams):
    assert readings(portal, "Customer ID: 12345") == {
        "12345": [
            ("Adobe: customer 12345", "/adobe/customers/12345/orders/"),
            ("fabric: customer 12345", "/fabric/customers/12345/orders/"),
        ]
    }
    assert upstreams.requests == []


def test_two_ids_in_other_words_are_every_choice_they_can_be(portal):
    assert readings(portal, f"{customers.ADOBE_SMALL} wrote about 5000000001") == {
        customers.ADOBE_SMALL: [(f"Adobe: customer {customers.ADOBE_SMALL}", ADOBE)],
        "5000000001": [
            (f"Adobe: order 5000000001 of customer {customers.ADOBE_SMALL}", f"{ADOBE}5000000001/"),
            ("Adobe: customer 5000000001", "/adobe/customers/5000000001/orders/"),
        ],
    }


def test_more_choices_than_a_page_can_hold_are_counted(portal):
    text = " ".join(f"/v3/customers/{number}/orders" for number in range(1000000001, 1000000025))
    page = Page(look_up(portal, text))

    assert len(choices(page)) == 20
    assert "4 more are not shown" in page.main.one(data_choices=True).text


def test_an_order_alone_is_offered_as_one_of_the_recent_customers(portal, upstreams):
    portal.get(ADOBE)
    portal.get(f"/fabric/customers/{customers.FABRIC_MAIN}/orders/")
    asked = len(upstreams.requests)

    assert readings(portal, "order 5999999999") == {
        "5999999999": [
            (f"Adobe: order 5999999999 of customer {customers.ADOBE_SMALL}", f"{ADOBE}5999999999/")
        ]
    }
    assert len(upstreams.requests) == asked


@pytest.mark.parametrize("text", ["order 5000000001", "PO-404", "https://x.example/v3/orders/5000000001"])
def test_a_single_number_that_leads_nowhere_yet_can_be_asked_for(portal, text):
    page = Page(portal.get(look_up(portal, text).url))

    assert page.main.one("tr", data_lookup=True)["data-outcome"] == "not-found"
    assert page.main.one("form", action=True)["action"].endswith("/live/")


def test_an_account_is_found_by_its_exact_name_by_those_who_may_see_it(upstreams):
    for name in ("mara", "ines"):
        assign(person(name, "account manager"), "adobe", customers.ADOBE_SMALL, account=f"{name} 2024 Ltd")
    account = Account.objects.get(name="mara 2024 Ltd")

    answers = [
        look_up(signed_in(User.objects.get(username=name)), "Mara 2024 LTD ") for name in ("mara", "ines")
    ]

    assert (answers[0].status_code, answers[0].url) == (303, f"/portfolio/{account.pk}/")
    assert "/lookups/" in answers[1].url


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Paste an ID or an address first."),
        ("   ", "Paste an ID or an address first."),
        ("ida.varga@example.com", "Neither system can search by e-mail; ask for the customer ID."),
        ("+49 170 1234567", "Neither system can search by phone number; ask for the customer ID."),
        ("/v3/customers/<customer-id>/orders", "The address still has a placeholder"),
        ("a b c", "No ID of a customer or an order is in it."),
        ("https://example.com/", "No ID of a customer or an order is in it."),
        ("..", "No ID of a customer or an order is in it."),
        ('"><script>alert(1)</script>', ""),
        ("x" * 5000, "No ID of a customer or an order is in it."),
    ],
)
def test_what_cannot_be_read_is_400_with_the_text_kept_and_says_why(portal, upstreams, text, said):
    response = look_up(portal, text)
    page = Page(response)

    assert response.status_code == 400
    field = page.root.one(id="lookup-text")
    assert field["value"] == text
    assert field["aria-invalid"] == "true"
    assert page.root.one(id=field["aria-describedby"]).text.startswith(said)
    assert upstreams.requests == []


def test_a_text_over_the_limit_is_413_on_our_own_page(portal):
    fits, exceeds = look_up(portal, "x" * 102_400), look_up(portal, "x" * 102_401)

    assert fits.status_code == 400
    assert exceeds.status_code == 413
    assert "102,400 characters" in Page(exceeds).text


def test_a_pasted_curl_leads_on_and_its_token_of_ours_is_never_shown_again(portal):
    headers = f"-H 'Authorization: Bearer {credentials.ADOBE_ACCESS_TOKEN}'"

    found = look_up(portal, f"curl '/v3/customers/{customers.ADOBE_SMALL}/orders' {headers}")
    unread = look_up(portal, f"curl '/v3/resellers' {headers}")

    assert found.url == ADOBE
    assert unread.status_code == 400
    assert credentials.ADOBE_ACCESS_TOKEN not in unread.content.decode()


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("customer 12345", ("", "12345", "", "ok", "")),
        ("1000000001 or 1000000002 said", ("adobe", "", "", "ok", '{"choices": 3}')),
        ("order 5000000001", ("adobe", "", "5000000001", "ok", "")),
        (f"fabric: {customers.FABRIC_MAIN}", ("fabric", customers.FABRIC_MAIN, "", "ok", "")),
        ("ida.varga@example.com", ("", "", "", "unreadable", "")),
    ],
)
def test_the_ledger_has_what_all_readings_share_and_never_the_text(portal, text, written):
    look_up(portal, text)

    entry = LedgerEntry.objects.latest("id")
    found = (entry.source, entry.customer_id, entry.order_id, entry.outcome, entry.details)
    assert entry.action == Action.LOOK_UP
    assert found == written


def test_an_upstream_nobody_has_is_400(portal):
    assert look_up(portal, customers.ADOBE_SMALL, "sap").status_code == 400


def test_the_box_travels_by_post_alone(portal):
    assert portal.get("/lookup/?q=ida.varga@example.com").url == "/"
    for form in Page(portal.get("/")).root.all("form", action="/lookup/"):
        assert form["method"] == "post"


def test_the_whole_way_from_a_paste_to_an_order(portal):
    listed = Page(portal.post("/lookup/", {"q": customers.ADOBE_SMALL}, follow=True))
    pasted = f"/v3/customers/{customers.ADOBE_SMALL}/orders/{listed.order_ids[0]}"

    order = Page(portal.post("/lookup/", {"q": pasted}, follow=True))

    assert order.root.one("h1").text.startswith(f"Order {listed.order_ids[0]}")
