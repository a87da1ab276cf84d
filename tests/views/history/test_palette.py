"""Where one can go from anywhere, as the palette reads it and as a page."""

import pytest
from django.test import Client

from orders.people.saved_views import save_view
from orders.sandbox import SandboxServer, customers
from tests.pages import Page

pytestmark = pytest.mark.django_db

SMALL = f"/adobe/customers/{customers.ADOBE_SMALL}/orders/"


def places(client: Client) -> dict[str, dict[str, str]]:
    sections = Page(client.get("/palette/")).root.one("div", id="places").all("section")
    return {each.one("h2").text: {link.text: link["href"] for link in each.all("a")} for each in sections}


def test_pages_customers_and_views_are_within_reach_and_nobody_is_asked(
    portal: Client, agent: object, upstreams: SandboxServer
) -> None:
    assert list(places(portal)) == ["Pages"]
    portal.get(SMALL)
    mine = save_view(owner=agent, name="Mine", source="adobe", query="status=1000")  # type: ignore[arg-type]
    upstreams.clear_log()

    found = places(portal)

    assert {"Look up": "/", "Attention": "/attention/", "Settings": "/settings/"}.items() <= found[
        "Pages"
    ].items()
    assert "Ledger" not in found["Pages"]  # an agent may not read it
    whose = f"{customers.ADOBE_SMALL} · Adobe"
    assert found["Recent customers"] == {whose: SMALL}
    assert found[f"Views of {whose}"]["Failed"] == f"{SMALL}?view=failed"
    assert found[f"Views of {whose}"]["Mine"] == f"{SMALL}?view={mine.pk}"
    assert upstreams.requests == []


def test_it_is_listed_among_the_keys(portal: Client) -> None:
    page = Page(portal.get(SMALL))
    keys = page.root.one("dialog", id="keys").text

    assert page.root.one("dialog", id="palette")["data-palette"] == "/palette/"
    for key in ("/", "Ctrl K", "f", "] [ n p", "j k", "Enter", "Space", "c", "e", "r", "?"):
        assert key in keys
