"""Views of an upstream's lists: saved, opened for any customer, shared, begun with, deleted and undone."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone

from orders.people import saved_views
from orders.people.models import SavedView
from orders.sandbox import SandboxServer, customers
from tests.pages import Page
from tests.personas import person, signed_in

pytestmark = pytest.mark.django_db

SMALL = f"/adobe/customers/{customers.ADOBE_SMALL}/orders/"
LARGE = f"/adobe/customers/{customers.ADOBE_LARGE}/orders/"
FABRIC = f"/fabric/customers/{customers.FABRIC_MAIN}/orders/"
AGENTS = "customer-service agent"


@pytest.fixture
def other(db: None) -> Client:
    return signed_in(person("eli", AGENTS))


def save(client: Client, **changes: str) -> Any:
    given = {"name": "Mine", "source": "adobe", "customer_id": customers.ADOBE_SMALL, "query": "status=1000"}
    return client.post("/saved-views/", given | changes)


def tabs(client: Client, address: str = SMALL) -> dict[str, str]:
    """Words and key of the views that a list offers, the current one marked."""
    links = Page(client.get(address, follow=True)).root.all("a", data_view=True)
    return {
        link.text: link["data-view"] + (" (current)" if link.get("aria-current") else "") for link in links
    }


def leads_to(client: Client, address: str) -> str:
    return client.get(address).headers.get("Location", "")


def test_a_view_is_saved_with_its_filters_and_stands_above_every_list_of_its_upstream(portal: Client) -> None:
    response = save(portal, query="status=1000&status=1002&offset=50&view=7&at=3&of=9&period=last-30-days")
    key = str(SavedView.objects.get().pk)

    assert response.url == f"{SMALL}?status=1000&status=1002&period=last-30-days&view={key}"
    assert tabs(portal, response.url)["Mine"] == f"{key} (current)"
    assert tabs(portal, LARGE)["Mine"] == key
    assert "Mine" not in tabs(portal, FABRIC)
    opened = leads_to(portal, f"{LARGE}?view={key}&limit=50")
    assert opened == f"{LARGE}?status=1000&status=1002&period=last-30-days&view={key}&limit=50"
    # What shows other orders is another view.
    chip = Page(portal.get(opened)).root.all("a", class_="chip")[0]
    assert "view=" not in chip["href"]


def test_the_form_on_the_page_saves_what_the_page_shows(portal: Client, see: Any) -> None:
    page = see(f"{SMALL}?status=1000&offset=&limit=50&start-date=2020-01-01")
    form = page.root.one("form", action="/saved-views/")
    given = {field["name"]: field.get("value") or "" for field in form.all("input")}

    portal.post("/saved-views/", {**given, "name": "As seen"})

    assert SavedView.objects.get().query == "status=1000&limit=50&start-date=2020-01-01"


def test_a_view_of_the_same_name_and_upstream_is_replaced(portal: Client) -> None:
    save(portal)
    save(portal, query="status=1004")
    save(portal, source="fabric", customer_id="", query="")

    kept = SavedView.objects.order_by("source").values_list("source", "query")
    assert list(kept) == [("adobe", "status=1004"), ("fabric", "")]


@pytest.mark.parametrize(
    "changes",
    [
        {"name": ""},
        {"name": " "},
        {"name": "x" * 81},
        {"name": "a\x00b"},
        {"source": "sap"},
        {"customer_id": ".."},
        {"customer_id": "a/b"},
        {"query": "x" * 2001},
        {"query": "text=" + "é" * 1000},
    ],
)
def test_a_view_that_cannot_be_kept_is_refused_with_words_beside_what_was_typed(
    portal: Client, changes: dict[str, str]
) -> None:
    given = {"name": "Mine", "source": "adobe", "customer_id": customers.ADOBE_SMALL, "query": "status=1000"}
    response = save(portal, **changes)

    assert response.status_code == 400
    form = Page(response).root.one("section", aria_labelledby="save-view-title").one("form")
    assert form.all(class_="field-error")
    fields = {field["name"]: field.get("value") or "" for field in form.all("input")}
    assert {name: fields[name] for name in given} == given | changes
    assert not SavedView.objects.exists()


def test_a_view_that_was_refused_is_saved_from_there_and_leads_back_to_its_list(portal: Client) -> None:
    refused = Page(save(portal, name="")).root.one("section", aria_labelledby="save-view-title")
    sent = {field["name"]: field.get("value") or "" for field in refused.all("input")}

    response = portal.post("/saved-views/", {**sent, "name": "Second try"})

    assert [link["href"] for link in refused.all("a")] == [f"{SMALL}?status=1000"]
    assert response.headers["Location"] == f"{SMALL}?status=1000&view={SavedView.objects.get().pk}"


def test_a_name_that_was_refused_stays_in_its_field_with_the_reason(portal: Client) -> None:
    save(portal)
    save(portal, name="Other")
    view = SavedView.objects.get(name="Mine")

    for typed, said in (("Other", "another view of this name"), ("", "This field is required.")):
        response = portal.post(f"/saved-views/{view.pk}/", {"name": typed})
        line = Page(response).root.one("li", data_view=str(view.pk))

        assert response.status_code == 400
        assert line.one("input", name="name")["value"] == typed
        assert said in line.one(class_="field-error").text
    assert SavedView.objects.filter(name="Mine").exists()


@pytest.mark.parametrize(
    ("query", "fit", "left_out"),
    [
        ("status=gone&order-type=NEW", "order-type=NEW", "status"),
        ("limit=x&colour=red&status=1000", "status=1000", "colour, limit"),
        ("columns=orderId,gone&status=1000", "status=1000&columns=orderId", "columns"),
        (
            "start-date=2026-02-02&end-date=2026-01-01&status=1000",
            "start-date=2026-02-02&status=1000",
            "end-date",
        ),
    ],
)
def test_a_view_that_no_longer_fits_opens_with_a_notice(
    portal: Client, agent: Any, upstreams: SandboxServer, query: str, fit: str, left_out: str
) -> None:
    view = saved_views.save_view(owner=agent, name="Old", source="adobe", query=query)

    opened = leads_to(portal, f"{SMALL}?view={view.pk}")
    page = Page(portal.get(opened))

    assert opened == f"{SMALL}?{fit}&view={view.pk}"
    assert page.status == 200
    assert page.notices["view"] == f"The view “Old” no longer fits. Left out of it: {left_out}."


def test_a_view_that_is_gone_or_somebody_elses_is_said_to_be(portal: Client, other: Client, see: Any) -> None:
    save(other)
    theirs = SavedView.objects.get().pk

    assert f"no view {theirs}" in see(f"{SMALL}?view={theirs}").notices["view"]
    assert "no view nothing" in see(f"{SMALL}?view=nothing").notices["view"]
    assert "view" not in see(f"{SMALL}?view=all").notices


def test_shipped_views_open_by_name(portal: Client) -> None:
    assert leads_to(portal, f"{SMALL}?view=returns") == (
        f"{SMALL}?order-type=RETURN&order-type=SWITCH&order-type=REVERT_SWITCH"
    )
    assert leads_to(portal, f"{FABRIC}?view=this-year") == f"{FABRIC}?period=this-year"
    assert tabs(portal, f"{FABRIC}?view=this-year")["This year"] == "this-year (current)"


def test_a_view_shared_with_a_role_is_there_for_its_people_and_changed_by_its_owner_alone(
    portal: Client, other: Client
) -> None:
    save(portal)
    view = SavedView.objects.get()
    manager = signed_in(person("mia", "account manager"))
    agents, managers = (Group.objects.get(name=name) for name in (AGENTS, "account manager"))
    portal.post(f"/saved-views/{view.pk}/", {"name": "Ours", "shared_with": managers.pk})  # no role of hers
    assert tabs(other) == {name: key for name, key in tabs(portal).items() if name != "Mine"}

    portal.post(f"/saved-views/{view.pk}/", {"name": "Ours", "shared_with": agents.pk})

    assert tabs(other)["Ours"] == str(view.pk)
    assert "status=1000" in leads_to(other, f"{LARGE}?view={view.pk}")
    assert "Ours" not in Page(manager.get("/saved-views/")).text
    assert "for the role “customer-service agent”" in Page(other.get("/saved-views/")).text
    assert other.post(f"/saved-views/{view.pk}/", {"name": "Taken"}).status_code == 404
    assert other.post(f"/saved-views/{view.pk}/delete/").status_code == 404


def test_a_deleted_view_is_undone_within_a_day(portal: Client, other: Client) -> None:
    save(portal)
    view = SavedView.objects.get()

    portal.post(f"/saved-views/{view.pk}/delete/")
    assert "Mine" not in tabs(portal)
    undo = Page(portal.get("/saved-views/")).root.one("form", action=f"/saved-views/{view.pk}/restore/")
    assert other.post(undo["action"]).status_code == 404
    portal.post(undo["action"])
    assert tabs(portal)["Mine"] == str(view.pk)

    portal.post(f"/saved-views/{view.pk}/delete/")
    save(portal, query="status=1004")
    portal.post(undo["action"])
    assert "another view of this name" in Page(portal.get("/saved-views/")).text
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        assert portal.post(undo["action"]).status_code == 404 or not saved_views.deleted_lately(view.owner)


def test_lists_open_with_the_view_that_was_chosen_and_all_orders_stay_within_reach(
    portal: Client, agent: Any, upstreams: SandboxServer
) -> None:
    for source, key in (("adobe", "failed"), ("fabric", "nothing"), ("sap", "failed")):
        portal.post("/saved-views/default/", {"source": source, "view": key})
    failed = "status=1004&status=1020&status=1022&status=1024&status=1026"

    assert leads_to(portal, SMALL) == f"{SMALL}?{failed}"
    assert leads_to(portal, f"{SMALL}?limit=50") == f"{SMALL}?{failed}&limit=50"
    assert portal.get(FABRIC).status_code == 200
    page = Page(portal.get(f"{SMALL}?{failed}"))
    everything = page.root.one("a", data_view="all")["href"]
    assert everything == "?view=all"
    assert portal.get(f"{SMALL}{everything}").status_code == 200
    # Neither taking filters off nor sending an empty form leads back to the view.
    assert [each["href"] for each in page.root.all("a", class_="chip-clear")] == [f"{SMALL}?view=all"]
    assert Page(portal.get(f"{SMALL}?status=1004")).root.one("a", class_="chip")["href"] == "?view=all"
    assert leads_to(portal, f"{SMALL}?show=1&status=") == f"{SMALL}?view=all"
    # It is kept with the person, and a view that is gone is no view to begin with.
    assert leads_to(signed_in(agent), SMALL) == f"{SMALL}?{failed}"
    portal.post("/saved-views/default/", {"source": "adobe", "view": ""})
    assert portal.get(SMALL).status_code == 200


def begin_with(client: Client, key: str, source: str = "adobe") -> None:
    client.post("/saved-views/default/", {"source": source, "view": key})


@pytest.mark.parametrize("query", ["limit=50", "limit=50&colour=red", "colour=red", "retry=x", ""])
def test_a_view_without_a_filter_opens_the_list_as_it_says(portal: Client, agent: Any, query: str) -> None:
    key = str(saved_views.save_view(owner=agent, name="Long pages", source="adobe", query=query).pk)
    begin_with(portal, key)

    for address in (SMALL, f"{SMALL}?view={key}", f"{SMALL}?limit=100", f"{SMALL}?view={key}&limit=100"):
        response = portal.get(address, follow=True)

        assert (response.status_code, len(response.redirect_chain) <= 1) == (200, True)
        wanted = "100" if "limit" in address else "50" if "limit" in query else "25"
        assert Page(response).root.one(data_total_count=True)["data-limit"] == wanted


def shown_by(client: Client, address: str) -> str:
    """The tab that is current where an address leads to."""
    links = Page(client.get(address, follow=True)).root.all("a", data_view=True)
    return "".join(link["data-view"] for link in links if link.get("aria-current"))


def test_what_takes_the_last_filter_off_never_leads_to_the_view_that_lists_begin_with(
    portal: Client, upstreams: SandboxServer
) -> None:
    begin_with(portal, "failed")
    begin_with(portal, "failed", "fabric")

    filtered = Page(portal.get(f"{SMALL}?status=1004&limit=50&offset=0"))
    chip = filtered.root.one("a", class_="chip")["href"]
    dated = Page(portal.get(f"{SMALL}?period=last-30-days&columns=status"))
    this_term = next(link["href"] for link in dated.root.all("a") if link.text == "This term")
    sorted_ = Page(portal.get(f"{FABRIC}?sort=-scheduledDate"))
    first = next(link["href"] for link in sorted_.root.all("a") if link.text == "Attention first")
    columns: str = portal.post(
        "/list-columns/adobe/", {"column": ["orderId"], "next": f"{SMALL}?view=all&columns=status"}
    )["Location"]
    beyond = Page(portal.get(f"{SMALL}?offset=9000"))
    first_page = next(
        link["href"]
        for link in beyond.root.all("a")
        if "offset=" not in link["href"] and link["href"].startswith("?")
    )

    assert shown_by(portal, SMALL + chip) == "all"
    assert shown_by(portal, SMALL + this_term) == "all"
    assert shown_by(portal, FABRIC + first) == "all"
    assert shown_by(portal, columns) == "all"
    assert shown_by(portal, SMALL + first_page) == "all"


def test_a_list_of_all_orders_stays_one_from_page_to_page_and_back_from_an_order(portal: Client) -> None:
    begin_with(portal, "failed")

    page = Page(portal.get(f"{LARGE}?offset=25&limit=25"))
    before = page.root.one("a", rel="prev")["href"]
    order = page.root.one("table", class_="orders").all("a", href=True)[0]["href"]
    back = [
        link["href"]
        for link in Page(portal.get(order)).root.all("a", href=True)
        if link["href"].startswith(f"{LARGE}?") and "to=" not in link["href"]
    ]

    assert shown_by(portal, LARGE + before) == "all"
    assert back
    assert {shown_by(portal, address) for address in back} == {"all"}


def test_many_views_of_ones_own_stand_in_a_menu(portal: Client, agent: Any) -> None:
    for number in range(7):
        saved_views.save_view(owner=agent, name=f"View {number}", source="adobe", query="status=1000")

    menu = Page(portal.get(SMALL)).root.one("nav", aria_label="Views").one("div", class_="menu-list")

    assert [link.text for link in menu.all("a")] == ["View 4", "View 5", "View 6"]


def test_a_person_has_so_many_views_and_no_more(portal: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saved_views, "MOST_VIEWS", 1)
    save(portal)

    refused = save(portal, name="Another")
    assert refused.status_code == 400
    assert "You have 1 views; delete one first." in Page(refused).text
    assert save(portal, query="status=1004").status_code == 302
    assert list(SavedView.objects.values_list("name", "query")) == [("Mine", "status=1004")]


def test_a_file_says_that_a_view_is_none_of_its_filters(supervisors_portal: Client) -> None:
    response = supervisors_portal.get(f"{SMALL}export/?view=failed")

    assert response.status_code == 400
    assert "no such parameter" in response.content.decode()


def test_what_an_upstream_cannot_be_asked_for_is_said_where_its_views_are(portal: Client) -> None:
    text = Page(portal.get("/saved-views/")).text

    assert "No view “Needs attention”: Adobe can't be asked for refused promotions" in text
    assert "No view “Returns and switches”: fabric doesn't say of an order which kind it is" in text
