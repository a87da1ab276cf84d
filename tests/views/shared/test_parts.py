"""What htmx swaps of a page is all that is drawn of it, and the same as on the whole page."""

import re

import pytest
from django.test import Client

from orders.sandbox import customers

pytestmark = pytest.mark.django_db

HISTORY = f"/fabric/customers/{customers.FABRIC_CALM}/orders/"
# What differs from one page to the next.
_PASSING = re.compile(r'(name="csrfmiddlewaretoken" value=|datetime=|data-request-id=)"[^"]*"|\d\d:\d\d:\d\d')


def drawn(portal: Client, **headers: str) -> str:
    return portal.get(HISTORY, headers=headers).content.decode()


def main_of(html: str) -> str:
    found = re.search(r'<main id="main".*</main>', html, re.DOTALL)
    assert found is not None
    return " ".join(_PASSING.sub("", found[0]).split())


def title_of(html: str) -> str:
    return html.partition("<title>")[2].partition("</title>")[0].strip()


def test_a_swap_of_the_main_part_gets_a_title_and_that_alone(portal: Client) -> None:
    whole = drawn(portal)
    part = drawn(portal, **{"HX-Request": "true", "HX-Boosted": "true", "HX-Target": "main"})

    assert title_of(part) == title_of(whole) != ""
    assert len(main_of(part)) == pytest.approx(len(main_of(whole)), abs=100)
    assert re.findall(r"<(?:html|head|header|script|dialog)\b", part) == []
    assert len(part) < len(whole) - 5_000


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}, {"HX-Target": "main"}])
def test_whoever_asks_for_anything_else_gets_the_whole_page(portal: Client, headers: dict[str, str]) -> None:
    assert drawn(portal, **headers).startswith("<!doctype html>")
