"""The main navigation, the person's menu, and how the pages look to them."""

import pytest
from django.test import Client

from orders.domain.granted_rights import Rights
from orders.views.shared import navigation
from tests.pages import Element, Page
from tests.personas import person, signed_in

pytestmark = pytest.mark.django_db


def nav_links(page: Page) -> list[Element]:
    return page.root.one("nav", class_="nav").all("a")


def theme_of(client: Client) -> str | None:
    return Page(client.get("/")).root.one("html").get("data-theme")


@pytest.mark.parametrize(
    ("role", "places"),
    [
        ("customer-service agent", ["Look up", "Attention", "Portfolio", "Schedules"]),
        ("account manager", ["Look up", "Attention", "Portfolio", "Files", "Schedules"]),
        ("supervisor", ["Look up", "Attention", "Portfolio", "Files", "Schedules", "Ledger"]),
        (
            "administrator",
            [
                "Look up",
                "Attention",
                "Portfolio",
                "Files",
                "Schedules",
                "Ledger",
                "People",
                "Import accounts",
                "Products",
                "Style guide",
            ],
        ),
    ],
)
def test_each_role_is_offered_its_places(role: str, places: list[str]) -> None:
    page = Page(signed_in(person("dana", role)).get("/"))

    assert [link.text for link in nav_links(page)] == places


def test_the_page_one_is_at_is_marked_and_so_is_the_place_of_a_page_below_it() -> None:
    client = signed_in(person("dana", "account manager"))

    for address in ("/exports/", "/help/columns/"):
        here = [link.text for link in nav_links(Page(client.get(address))) if link.get("aria-current")]
        assert here == ["Files"]


def test_a_place_counts_what_waits_there(monkeypatch: pytest.MonkeyPatch) -> None:
    place = navigation.Place("home", "Look up", lambda rights, who: rights != Rights(), waiting=lambda _: 4)
    monkeypatch.setattr(navigation, "PLACES", [place])

    page = Page(signed_in(person("dana", "supervisor")).get("/"))

    assert [count.text for count in page.root.all(class_="count")] == ["4"]


def test_a_theme_is_kept_in_the_browser_and_given_back_to_the_system() -> None:
    client: Client = signed_in(person("dana", "supervisor"))
    assert theme_of(client) is None

    answer = client.post("/theme/", {"theme": "dark", "next": "/exports/"})
    assert (answer.status_code, answer["Location"]) == (302, "/exports/")
    chosen = Page(client.get("/")).root.one("button", name="theme", aria_pressed="true")
    assert (chosen.text, theme_of(client)) == ("Dark", "dark")

    client.post("/theme/", {"theme": ""})
    assert theme_of(client) is None


def test_a_theme_that_there_is_not_is_refused() -> None:
    assert signed_in(person("dana", "supervisor")).post("/theme/", {"theme": "pink"}).status_code == 400


def test_nobody_is_led_out_of_the_portal_by_a_theme() -> None:
    answer = signed_in(person("dana", "supervisor")).post(
        "/theme/", {"theme": "dark", "next": "https://elsewhere.example/"}
    )

    assert answer["Location"] == "/"


@pytest.mark.parametrize("skin", ["light", "dark", "contrast", "contrast-dark", "comfortable"])
def test_the_style_guide_shows_every_state_in_every_skin(skin: str) -> None:
    page = Page(signed_in(person("ines", "administrator")).get(f"/styleguide/?skin={skin}"))

    tones = {
        tag["class"].removeprefix("tag ") for tag in page.root.one(data_styleguide=True).all(class_="tag")
    }
    assert tones == {"good", "plan", "busy", "wait", "late", "bad", "off"}
