"""Whose doing a file is stays written down when a worker makes it later, and whoever comes by ends it."""

import json
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from orders.exports.models import Export
from orders.ledger import LedgerEntry
from orders.people.api_tokens import make_token
from tests.exports.results import EXPORT, give, run
from tests.personas import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("hurried")]


def asked_by_script(manager: Any) -> str:
    """A file in the queue; the first letters of the token that asked for it."""
    token, text = make_token(owner=manager, name="nightly")
    response = Client().post(EXPORT, headers={"Authorization": f"Bearer {text}"})
    assert response.status_code == 202, response.content
    return str(token.prefix)


def tokens() -> list[tuple[str, str, str]]:
    """Of each entry about files: the action, its outcome, and the token."""
    written = LedgerEntry.objects.filter(action__startswith="export").order_by("id")
    return [
        (each.action, each.outcome, json.loads(each.details or "{}").get("token", "")) for each in written
    ]


def test_a_script_s_file_ends_with_its_token(upstreams: Any, manager: Any) -> None:
    give(upstreams, 120)
    token = asked_by_script(manager)

    run()

    assert tokens() == [("export-start", "ok", token), ("export-end", "ok", token)]


def test_so_does_one_that_stops_and_a_person_s_continuation_is_the_person_s(
    upstreams: Any, manager: Any
) -> None:
    give(upstreams, 250)
    upstreams.script("adobe", [503] * 30, path_contains="offset=100&")
    token = asked_by_script(manager)
    run()
    upstreams.clear_faults()

    signed_in(manager).post(f"/exports/{Export.objects.get().pk}/rest/")
    run()

    assert [each for each in tokens() if each[0] != "export-download"] == [
        ("export-start", "ok", token),
        ("export-end", "upstream-unavailable", token),
        ("export-start", "ok", ""),
        ("export-end", "ok", ""),
    ]


def test_a_refusal_of_a_script_s_file_names_its_token(upstreams: Any, manager: Any) -> None:
    give(upstreams, 120)
    token = asked_by_script(manager)
    manager.assignments.all().delete()

    run()

    refusals = [each for each in LedgerEntry.objects.order_by("id") if each.outcome.startswith("refused")]
    assert [json.loads(each.details)["token"] for each in refusals] == [token] * len(refusals)
    assert refusals


@pytest.mark.parametrize("asked_for_by", ["script", "person"])
def test_an_end_that_somebody_else_s_look_brings_about_is_not_theirs(
    asked_for_by: str, upstreams: Any, manager: Any, other: Any
) -> None:
    give(upstreams, 120)
    token = asked_by_script(manager) if asked_for_by == "script" else ""
    if not token:
        signed_in(manager).post(EXPORT)
    _, theirs = make_token(owner=other, name="theirs")
    Export.objects.update(
        state="running", lease_owner="gone", lease_until=timezone.now(), cancel_requested=True
    )

    Client().get(f"/exports/{Export.objects.get().pk}/file/", headers={"Authorization": f"Bearer {theirs}"})

    assert tokens()[-1] == ("export-end", "cancelled", token)
