"""The look-up box on the first page."""

import pytest

from orders.sandbox import customers
from tests.pages import Page

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

    assert (response.status_code, response.url) == (302, address)
    assert upstreams.requests == []


def test_the_chosen_upstream_is_asked_even_for_an_id_of_another_look(portal):
    assert look_up(portal, customers.ADOBE_SMALL, "fabric").url == (
        f"/fabric/customers/{customers.ADOBE_SMALL}/orders/"
    )


def test_an_ambiguous_id_is_a_choice_of_links(portal):
    response = look_up(portal, "123456789012345678901234 77")
    page = Page(response)

    assert response.status_code == 200
    assert [(link.text, link["href"]) for link in page.main.one("div", role="status").all("a")] == [
        ("Adobe VIP Marketplace", "/adobe/customers/123456789012345678901234/orders/77/"),
        ("fabric Subscriptions", "/fabric/customers/123456789012345678901234/orders/77/"),
    ]
    assert page.root.one(id="lookup-text")["value"] == "123456789012345678901234 77"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "ida.varga@example.com",
        "a b c",
        "https://example.com/",
        "..",
        '"><script>alert(1)</script>',
        "x" * 2001,
    ],
)
def test_what_cannot_be_read_is_400_with_the_text_kept(portal, upstreams, text):
    response = look_up(portal, text)
    page = Page(response)

    assert response.status_code == 400
    field = page.root.one(id="lookup-text")
    assert field["value"] == text
    assert field["aria-invalid"] == "true"
    assert page.root.one(id=field["aria-describedby"]).text
    assert upstreams.requests == []


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
