"""/schedules/: made, paused, switched on and deleted by their owner alone; failures stand there in words."""

from datetime import time

import pytest

from orders.exports.schedules import keeping
from orders.exports.schedules.models import Schedule, ScheduleRun
from orders.ledger.models import LedgerEntry
from orders.people import account_sets
from orders.people.account_set_models import AccountSet
from orders.people.models import SavedView
from tests.pages import Page
from tests.personas import assign, person, signed_in

pytestmark = pytest.mark.django_db

USUAL = {"name": "Mornings", "every": "week", "at": "07:30", "weekday": "2", "tells": "changed"}


@pytest.fixture
def milo(db):
    who = person("milo", "account manager")
    assign(who, "adobe", "1000000801", "Harbour Design")
    return who


def send(who, **given):
    return signed_in(who).post("/schedules/", {**USUAL, **given})


def made():
    fields = ("kind", "source", "customer_id", "query", "rows", "format", "every", "weekday", "tells_always")
    return {name: getattr(Schedule.objects.get(), name) for name in fields}


def test_each_kind_is_made_from_the_form(milo):
    view = SavedView.objects.create(owner=milo, name="Mine", source="adobe", query="status=1004")
    account_sets.keep(AccountSet(owner=milo), name="North", accounts=[])
    number = AccountSet.objects.get().pk
    common: dict[str, object] = {
        "every": "week",
        "weekday": 2,
        "tells_always": False,
        "rows": "",
        "format": "",
    }
    nobody = {"source": "", "customer_id": ""}

    cases: list[tuple[dict[str, object], dict[str, object]]] = [
        (
            {"what": f"view:{view.pk}", "customer": "1000000801"},
            {"kind": "view", "source": "adobe", "customer_id": "1000000801", "query": "status=1004"},
        ),
        (
            {"what": "attention", "query": "?kind=failed&limit=5"},
            {"kind": "attention", "query": "kind=failed"},
        ),
        ({"what": "portfolio", "set": number}, {"kind": "portfolio", "query": f"set={number}"}),
        (
            {
                "what": "file",
                "source": "fabric",
                "file": "lines.xlsx",
                "query": "status=FAILED",
                "set": number,
            },
            {
                "kind": "file",
                "source": "fabric",
                "rows": "lines",
                "format": "xlsx",
                "query": f"status=FAILED&set={number}",
            },
        ),
    ]
    for sent, kept in cases:
        assert send(milo, **sent).status_code == 302
        assert made() == {**common, **nobody, **kept}
        Schedule.objects.all().delete()


@pytest.mark.parametrize(
    "sent",
    [
        {"what": "view:99"},
        {"what": "nothing"},
        {"what": "attention", "at": "25:00"},
        {"what": "attention", "every": "hour"},
        {"what": "attention", "query": "kind=bad"},
        {"what": "file", "source": "adobe", "query": "start-date=yesterday"},
        {"what": "file", "source": "ebay"},
        {"what": "attention", "day": "32"},
        {"what": "attention", "name": ""},
    ],
)
def test_what_cant_be_meant_is_refused_at_its_field(milo, sent):
    response = send(milo, **sent)

    assert response.status_code == 400
    assert Page(response).root.all(class_="field-error")
    assert not Schedule.objects.exists()


def test_the_board_s_link_fills_the_form_in(milo):
    client = signed_in(milo)
    board = Page(client.get("/attention/?kind=failed&source=adobe"))
    (link,) = (each for each in board.root.all("a") if each["href"].startswith("/schedules/?"))

    page = Page(client.get(link["href"]))
    assert page.root.one("input", name="query")["value"] == "kind=failed&source=adobe"
    assert "selected" in page.root.one("option", value="attention").attributes


def as_filled_in(client, address):
    """What the form sends as the address has filled it in."""
    form = Page(client.get(address)).root.one("form", id="schedule")
    boxes = [box for box in form.all("input") if box.get("name")]
    sent: dict[str, object] = {box["name"]: box.get("value") or "" for box in boxes}
    for select in form.all("select"):
        chosen = [each for each in select.all("option") if "selected" in each.attributes]
        sent[select["name"]] = (chosen or select.all("option"))[0]["value"]
    sent["account"] = [box["value"] for box in form.all("input", name="account")]
    return {**sent, "name": "Mornings"}


@pytest.mark.parametrize(
    ("chosen", "kept", "said"),
    [
        ("set=North", "set={north}", "North"),
        ("set=nORTH&kind=failed", "kind=failed&set={north}", "North"),
        ("set={south}", "set={south}", "South"),
        ("set=North&set={south}", "set=North&set={south}", "Those of the filters: North, South"),
        ("set=Unknown", "set=Unknown", "Those of the filters: Unknown"),
        ("account=1&account=2", "account=1&account=2", "Those of the filters: 2 accounts"),
        ("set=&kind=failed", "kind=failed", "All my accounts"),
    ],
)
def test_the_sets_and_accounts_of_a_page_are_those_of_its_schedule(milo, chosen, kept, said):
    for name in ("North", "South"):
        account_sets.keep(AccountSet(owner=milo), name=name, accounts=[])
    numbers = {name.lower(): pk for pk, name in account_sets.names_of(milo)}
    client = signed_in(milo)
    address = f"/schedules/?what=attention&{chosen.format(**numbers)}"

    select = Page(client.get(address)).root.one("select", name="set")
    shown = [each for each in select.all("option") if "selected" in each.attributes] or select.all("option")
    response = client.post("/schedules/", as_filled_in(client, address))

    assert shown[0].text == said
    assert response.status_code == 302
    assert made()["query"] == kept.format(**numbers)


def test_a_view_that_a_role_of_theirs_may_use_can_be_scheduled(milo):
    role = milo.groups.get()
    owner = person("mona", "account manager")
    shared = SavedView.objects.create(
        owner=owner, name="Ours", source="adobe", query="status=1004", shared_with=role
    )
    SavedView.objects.create(owner=owner, name="Hers", source="adobe", query="status=1004")

    offered = Page(signed_in(milo).get("/schedules/")).root.one("select", name="what").all("option")

    assert [each.text for each in offered if each["value"].startswith("view:")] == ["Ours"]
    assert send(milo, what=f"view:{shared.pk}", customer="1000000801").status_code == 302
    assert made()["query"] == "status=1004"


def test_a_failed_one_says_so_and_is_switched_on_again(milo):
    schedule = keeping.make(milo, name="Mornings", kind="attention", every="day", at=time(7))
    Schedule.objects.update(state="stopped", failures=5, next_at=None)
    ScheduleRun.objects.create(
        schedule=schedule, due_at=schedule.made_at, state="done", outcome="failed", cause="refused"
    )
    client = signed_in(milo)

    page = Page(client.get("/schedules/"))
    assert page.root.one(data_schedule=True)["data-state"] == "stopped"
    assert "It failed 5 times in a row and was stopped." in page.text
    assert "You may not do this any more." in page.text
    for address, state in (("resume", "on"), ("pause", "paused")):
        client.post(f"/schedules/{schedule.pk}/{address}/")
        assert Schedule.objects.get().state == state
    client.post(f"/schedules/{schedule.pk}/run/")
    assert ScheduleRun.objects.filter(state="waiting").count() == 1
    client.post(f"/schedules/{schedule.pk}/delete/")
    assert not Schedule.objects.exists()
    changes = LedgerEntry.objects.filter(action="schedule").order_by("pk").values_list("details", flat=True)
    assert [
        word in details
        for word, details in zip(("made", "resumed", "paused", "deleted"), changes, strict=True)
    ]


def test_others_are_neither_seen_nor_touched(milo):
    schedule = keeping.make(milo, name="Mornings", kind="attention", every="day", at=time(7))
    client = signed_in(person("robin", "supervisor"))

    assert "Mornings" not in Page(client.get("/schedules/")).html
    for address in ("run", "pause", "resume", "delete"):
        assert client.post(f"/schedules/{schedule.pk}/{address}/").status_code == 404
    assert Schedule.objects.get().state == "on"


def test_a_file_is_offered_to_whoever_may_export(db):
    agent = person("dana", "customer-service agent")

    assert send(agent, what="file", source="adobe", file="orders.csv").status_code == 400
    assert send(agent, what="portfolio").status_code == 302
