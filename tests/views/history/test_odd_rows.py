"""Rows that no documentation promised: one of them never costs the page, and none is dropped in silence."""

import re

import pytest

from orders.sandbox import customers
from orders.sandbox.adobe.odd_rows import HOSTILE_TEXTS

pytestmark = pytest.mark.django_db

ADOBE_ODD = f"/adobe/customers/{customers.ADOBE_ODD}/orders/"
FABRIC_ODD = f"/fabric/customers/{customers.FABRIC_ODD}/orders/"
MARKUP = [
    f"/adobe/customers/{customers.ADOBE_MARKUP}/orders/?start-date=2000-01-01&limit=100",
    f"/fabric/customers/{customers.FABRIC_MARKUP}/orders/?limit=100",
]


@pytest.mark.parametrize(
    ("address", "lost", "lost_within_the_total"),
    [(f"{ADOBE_ODD}?start-date=2000-01-01&limit=100", 6, 6), (FABRIC_ODD, 5, 0)],
)
def test_what_cannot_be_read_is_counted_and_named_by_path(see, address, lost, lost_within_the_total):
    page = see(address)

    assert re.match(rf"{lost} rows could not be read\. The rest is shown\.", page.notices["unreadable-rows"])
    total = len(page.order_ids) + lost_within_the_total
    assert page.window[0] == str(total)
    assert page.position == f"Showing 1–{total} of {total}"
    paths = page.root.one(data_notice="unreadable-rows").one("pre").raw_text.split()
    assert all(re.fullmatch(r"[\w.\[\]]+", path) for path in paths)


def test_unreadable_rows_do_not_make_the_walk_skip_others(see):
    for address in (f"{ADOBE_ODD}?start-date=2000-01-01&", f"{FABRIC_ODD}?"):
        whole = see(f"{address}limit=100").order_ids
        page, walked = see(f"{address}limit=10"), []
        walked += page.order_ids
        while page.link("next"):
            page = see(address.partition("?")[0] + page.link("next"))
            walked += page.order_ids
        assert walked == whole


@pytest.mark.parametrize("address", [f"{ADOBE_ODD}?start-date=2000-01-01&limit=100", FABRIC_ODD])
def test_every_odd_order_that_has_an_id_has_a_page(see, address):
    path = address.partition("?")[0]
    for order_id in dict.fromkeys(see(address).order_ids):
        if order_id:
            assert see(f"{path}{order_id}/").root.one("h1").text.startswith(f"Order {order_id}")


@pytest.mark.parametrize("address", MARKUP)
def test_markup_in_any_field_stays_text(see, address):
    page = see(address)
    path = address.partition("?")[0]

    pages = [page, *(see(f"{path}{order_id}/") for order_id in page.order_ids if "?" not in order_id)]

    for each in pages:
        assert {script["src"].partition("/static/")[0] for script in each.root.all("script")} == {""}
        assert each.root.all("img") == []
        assert len(each.root.all("h1")) == 1
        assert not [link for link in each.root.all("a") if link["href"].startswith("javascript:")]
        assert not [name for element in each.root.all() for name in element.attributes if name[:2] == "on"]


@pytest.mark.parametrize("address", MARKUP)
@pytest.mark.parametrize("text", [text for text in HOSTILE_TEXTS if text.isprintable()])
def test_hostile_text_is_readable_as_it_came(see, address, text):
    shown = text if len(text) < 600 else text[:80]  # of a longer one the list shows the beginning

    assert " ".join(shown.split()) in see(address).text


def test_an_id_that_fits_no_address_is_shown_without_a_link(see):
    row = see(MARKUP[0]).row("67/00?0&9#2")

    assert row.all("td")[0].text == "67/00?0&9#2"
    assert row.all("a") == []


def test_numbers_that_are_identifiers_keep_their_zeros_and_digits(see):
    page = see(f"/adobe/customers/{customers.ADOBE_LEADING_ZERO}/orders/?start-date=2000-01-01&limit=100")

    assert any(order_id.startswith("00") for order_id in page.order_ids)
    assert page.root.one("h1").text.startswith(customers.ADOBE_LEADING_ZERO)
