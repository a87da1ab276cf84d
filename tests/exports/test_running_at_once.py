"""No more of one person's files are made at once than may be, within requests and in the background."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from orders.exports import api
from orders.exports.jobs import leases
from orders.exports.models import Export
from orders.ledger import LedgerEntry
from tests.exports.results import EXPORT, give, request_export
from tests.pages import Page
from tests.personas import signed_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("hurried")]

BROWSER = {"accept": "text/html"}


@pytest.fixture
def busy(upstreams: Any, agent: Any, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Client:
    """Two files of the agent's are being made, and no more may be; nobody waits for a turn."""
    give(upstreams, 10)
    settings.LIMIT_EXPORTS_RUNNING = 2
    monkeypatch.setattr(api, "LONGEST_WAIT", 0.0)
    for _ in range(2):
        request_export(agent)
        assert leases.claim() is not None
    return signed_in(agent)


def status_of(browser: Client) -> int:
    response = browser.get(EXPORT)
    response.close()
    return response.status_code


def test_a_file_within_a_request_is_not_one_more(busy: Client) -> None:
    page = Page(busy.get(EXPORT, headers=BROWSER))
    script = busy.get(EXPORT)

    assert (page.status, page.error_word) == (429, "limit")
    assert "2 files of yours are being made just now" in page.text
    assert page.root.one("form", id="export")["method"] == "post"  # in the background it waits its turn
    assert (script.status_code, script.headers["Retry-After"]) == (429, "5")
    assert Export.objects.count() == 2
    assert LedgerEntry.objects.filter(outcome="refused-limit").count() == 2
    assert LedgerEntry.objects.filter(action="export-start").count() == 2


def test_the_page_offers_a_file_that_waits_its_turn(busy: Client) -> None:
    assert busy.post(EXPORT).status_code == 202
    assert leases.claim() is None
    assert Export.objects.filter(state="waiting").count() == 1


def test_one_within_a_request_keeps_the_next_in_the_background_waiting(agent: Any, settings: Any) -> None:
    settings.LIMIT_EXPORTS_RUNNING = 1
    background = request_export(agent)
    Export.objects.filter(pk=background.pk).update(
        state="running", lease_until=timezone.now() + timedelta(hours=1)
    )
    request_export(agent)

    assert leases.claim() is None


def test_it_waits_a_moment_for_another_to_be_done(busy: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "LONGEST_WAIT", 60.0)
    monkeypatch.setattr(
        "orders.exports.api.time.sleep",
        lambda seconds: Export.objects.filter(state="running").update(state="failed"),
    )

    assert status_of(busy) == 200


def test_a_file_whose_process_died_keeps_nobody_waiting(busy: Client) -> None:
    Export.objects.update(lease_until=timezone.now() - timedelta(seconds=1))

    assert status_of(busy) == 200


def test_0_is_no_limit_and_a_role_may_have_another(busy: Client, settings: Any, agent: Any) -> None:
    settings.LIMIT_EXPORTS_RUNNING = 0
    assert status_of(busy) == 200
    settings.LIMIT_EXPORTS_RUNNING = 2
    role = agent.groups.get().name
    settings.LIMITS_OF_ROLES = {(role, "running"): 3}
    assert status_of(busy) == 200
