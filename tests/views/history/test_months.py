"""Orders by month and state on a history: of the whole result or not at all, with the numbers beside it."""

import re
from typing import Any

import pytest
import time_machine

from orders.sandbox import SandboxServer, customers
from tests.pages import Page

pytestmark = pytest.mark.django_db

LARGE = f"/adobe/customers/{customers.ADOBE_LARGE}/orders/"
FABRIC = f"/fabric/customers/{customers.FABRIC_MAIN}/orders/"
MINE = "/adobe/customers/4400000001/orders/"


def numbers(page: Page) -> dict[str, list[int]]:
    """Completed, open, failed and other by month, as the table beside the picture has them."""
    rows = page.root.one("section", aria_labelledby="months-title").one("tbody").all("tr")
    return {
        cells[0].text: [int(cell.text) for cell in cells[1:]] for cells in (row.all("td") for row in rows)
    }


def left_out(page: Page) -> int:
    found = re.search(r"(\d+) orders? without a date", page.text)
    return int(found[1]) if found else 0


def in_the_picture(page: Page) -> list[str]:
    return [bar.text for bar in page.root.one("svg", class_="months").all("title")]


def test_fabrics_orders_are_all_in_the_picture_whichever_page_is_shown(see: Any) -> None:
    first, second = see(f"{FABRIC}?limit=5"), see(f"{FABRIC}?limit=5&offset=5")
    counted = numbers(first)

    assert counted == numbers(second)
    assert sum(map(sum, counted.values())) + left_out(first) == int(first.window[0])
    assert len(in_the_picture(first)) == len(counted)
    filtered = see(f"{FABRIC}?status=SUCCESS&limit=5")
    assert sum(map(sum, numbers(filtered).values())) + left_out(filtered) == int(filtered.window[0])


def test_a_month_leads_to_its_orders(see: Any) -> None:
    page = see(FABRIC)
    month, counts = next((name, counts) for name, counts in numbers(page).items() if sum(counts) > 1)
    link = next(
        each
        for each in page.root.one("section", aria_labelledby="months-title").all("a")
        if each.text == month
    )

    assert int(see(FABRIC + link["href"]).window[0]) == sum(counts)


def test_one_page_of_adobes_is_never_taken_for_all(see: Any) -> None:
    for query in ("", "&limit=100", "&offset=300"):
        page = see(f"{LARGE}?start-date=2000-01-01{query}")
        assert page.root.all("svg", class_="months") == []


@time_machine.travel("2026-11-20T12:00:00Z", tick=False)
def test_a_small_result_of_adobes_is_counted_as_it_stands(see: Any, upstreams: SandboxServer) -> None:
    made = [("1", "2026-08-31T23:59:59Z", "1000"), ("2", "2026-09-01T00:00:00Z", "1004"),
            ("3", "2026-11-02T10:00:00Z", "1002"), ("4", "2026-11-03T10:00:00Z", "1008"),
            ("5", "2023-01-01T00:00:00Z", "1000")]  # fmt: skip
    upstreams.add_adobe_orders(
        "4400000001",
        [{"orderId": name, "creationDate": at, "status": status} for name, at, status in made],
    )

    page = see(f"{MINE}?start-date=2000-01-01")
    counted = numbers(page)

    assert {name: each for name, each in counted.items() if any(each)} == {
        "2026-08": [1, 0, 0, 0],
        "2026-09": [0, 0, 1, 0],
        "2026-11": [0, 1, 0, 1],
    }
    assert len(counted) == 24
    assert "1 order without a date, or of an earlier or later month, is not in it." in page.text
    assert "2026-11: 0 completed, 1 open, 0 failed, 1 other" in in_the_picture(page)
    assert see(f"{MINE}?start-date=2026-11-01").root.all("svg", class_="months") == []  # one month alone
