"""An order beside the list: the same look, without the page around it."""

import pytest

from orders.ledger.models import LedgerEntry
from orders.sandbox import customers
from tests.pages import Page

pytestmark = pytest.mark.django_db

LARGE = f"/adobe/customers/{customers.ADOBE_LARGE}/orders/"


def test_beside_the_list_stands_what_the_orders_page_says_and_it_is_a_look_like_any_other(see, portal):
    link = see(LARGE).root.one("tbody").all("a")[0]
    order_id, address = link.text, link["href"]
    before = LedgerEntry.objects.count()

    beside = Page(portal.get(address, headers={"HX-Request": "true", "HX-Target": "preview"}))
    page = see(address)

    assert beside.root.one(data_preview=True)["data-preview"] == order_id
    assert beside.root.one(data_sentence=True).text == page.root.one(data_sentence=True).text
    assert beside.root.one(data_advice=True).text == page.root.one(data_advice=True).text
    assert beside.root.one("a", class_="btn-primary")["href"] == address
    assert not beside.root.all("main")
    looks = LedgerEntry.objects.order_by("pk")[before:]
    assert [(look.action, look.order_id) for look in looks] == [("view-order", order_id)] * 2


def test_what_can_not_be_had_says_so_beside_the_list_with_the_status_of_its_page(portal):
    answer = portal.get(f"{LARGE}0000000000/", headers={"HX-Request": "true", "HX-Target": "preview"})

    beside = Page(answer)

    assert (beside.status, beside.error_word) == (404, "not-found")
    assert beside.root.one(data_preview=True)["data-preview"] == "0000000000"
