"""Parts that are drawn once look on every page as if they were drawn for it."""

import pytest
from django.utils import translation

from orders.infrastructure import drawn_parts
from orders.sandbox import customers
from tests.personas import person, signed_in

pytestmark = pytest.mark.django_db

HISTORY = f"/adobe/customers/{customers.ADOBE_SMALL}/orders/"
VISITS = [
    "",
    "?limit=50",
    "?status=1000",
    "?start-date=2000-01-01",
    "?start-date=2000-01-01&whole-days=1",
    "?offer-id=71104418CA01A12&limit=25",
    "",
]


def parts(client, query):
    """The filters and the export menu of a page, as they stand there."""
    html = client.get(HISTORY + query).content.decode()
    bar = html[html.index('<form class="filter-bar"') : html.index("</aside>")]
    menu = html.partition('class="menu export-menu"')[2].partition("</form>")[0]
    return bar, menu


@pytest.mark.parametrize("role", ["customer-service agent", "account manager", "supervisor"])
def test_a_page_looks_the_same_whoever_was_there_before(upstreams, role, monkeypatch):
    others = [signed_in(person(f"other {name}", name)) for name in ("supervisor", "customer-service agent")]
    somebody = person("somebody", role, is_superuser=role == "account manager")
    client = signed_in(somebody)
    monkeypatch.setattr(drawn_parts, "MOST_KEPT", 0)
    alone = [parts(client, query) for query in VISITS]
    monkeypatch.setattr(drawn_parts, "MOST_KEPT", 128)
    for other in others:
        for query in VISITS:
            other.get(HISTORY + query)

    assert [parts(client, query) for query in VISITS] == alone
    assert [parts(client, query) for query in VISITS] == alone


def test_no_more_is_kept_than_there_is_room_for(monkeypatch):
    monkeypatch.setattr(drawn_parts, "MOST_KEPT", 2)
    part = "orders/components/field_error.html"

    for number in range(5):
        drawn = drawn_parts.drawn(part, {"errors": [f"wrong {number}"], "id": "x"}, number)

    assert "wrong 4" in drawn
    assert drawn_parts.kept() == 2
    assert "wrong 4" in drawn_parts.drawn(part, {"errors": ["another"], "id": "x"}, 4)


def test_another_language_is_drawn_anew():
    part = "orders/components/field_error.html"

    with translation.override("en-gb"):
        drawn_parts.drawn(part, {"errors": ["wrong"], "id": "x"}, "by language")
    with translation.override("de"):
        assert "falsch" in drawn_parts.drawn(part, {"errors": ["falsch"], "id": "x"}, "by language")
