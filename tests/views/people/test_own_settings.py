"""A person's own settings: kept for them, in force everywhere on the pages, and nowhere in files."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from orders.people.settings_models import PersonalSettings
from orders.sandbox import customers
from tests.pages import Page, query_of
from tests.personas import person, signed_in

pytestmark = pytest.mark.django_db

LARGE = f"/adobe/customers/{customers.ADOBE_LARGE}/orders/"
CHOSEN = {
    "time_zone": "Pacific/Auckland",
    "language": "en-gb",
    "theme": "dark",
    "density": "comfortable",
    "page_size": "50",
    "file_format": "xlsx",
    "dialect": "excel-semicolon",
    "landing": "exports",
    "mail": "all",
}


@pytest.fixture
def milo() -> User:
    found: User = person("milo", "supervisor")
    return found


@pytest.fixture
def settled(milo: User, upstreams: object) -> Client:
    """The browser of somebody who has chosen all there is, single keys off, and has signed in anew since."""
    answer = signed_in(milo).post("/settings/", CHOSEN)
    assert (answer.status_code, answer["Location"]) == (302, "/settings/")
    return signed_in(milo)


def test_every_setting_is_kept_and_shown_again(settled: Client, milo: User) -> None:
    kept = PersonalSettings.objects.values().get(person=milo)
    page = Page(settled.get("/settings/"))

    of_lists: dict[str, object] = {"default_views": {}, "list_columns": {}}
    assert kept == {**CHOSEN, "person_id": milo.pk, "page_size": 50, "has_keys": False, **of_lists}
    shown = {field["name"]: field.one("option", selected=True)["value"] for field in page.root.all("select")}
    assert shown == CHOSEN


def test_each_is_in_force_on_the_pages(settled: Client) -> None:
    page = Page(settled.get(LARGE))
    html, menu = page.root.one("html"), page.root.one("form", id="export")

    assert {name: html.get(name) for name in ("data-density", "data-keys", "data-theme")} == {
        "data-density": "comfortable",
        "data-keys": "off",
        "data-theme": "dark",
    }
    assert "Times are Pacific/Auckland." in page.text
    chosen = [field["value"] for field in menu.all("input", type="radio", checked=True)]
    assert chosen == ["orders.xlsx", "excel-semicolon"]
    recent = Page(settled.get("/")).main.all("a")
    assert next(query_of(link["href"]) for link in recent if customers.ADOBE_LARGE in link["href"]) == [
        ("limit", "50")
    ]


def test_files_keep_to_utc(settled: Client, milo: User) -> None:
    here = settled.get(f"{LARGE}export/?rows=orders&format=csv").getvalue()
    PersonalSettings.objects.all().delete()

    assert here == signed_in(milo).get(f"{LARGE}export/?rows=orders&format=csv").getvalue()


def test_who_signs_in_begins_where_they_want(settled: Client, milo: User) -> None:
    milo.set_password("correct horse battery")
    milo.save()

    answer = Client().post("/accounts/login/", {"login": "milo", "password": "correct horse battery"})

    assert (answer.status_code, answer["Location"]) == (302, "/exports/")


def test_what_can_not_be_chosen_is_said_at_its_field_and_nothing_is_kept(milo: User) -> None:
    answer = signed_in(milo).post(
        "/settings/", {"time_zone": "Mars/Olympus", "page_size": "7", "landing": "people"}
    )

    errors = [error["id"] for error in Page(answer).root.all(class_="field-error")]
    assert (answer.status_code, errors) == (400, ["time_zone-error", "page_size-error", "landing-error"])
    assert not PersonalSettings.objects.exists()


def test_nobody_sees_anothers_settings(settled: Client, upstreams: object) -> None:
    page = Page(signed_in(person("dana", "supervisor")).get(LARGE))

    assert "Times are UTC." in page.text
