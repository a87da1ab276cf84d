"""How old a page says that it is, and what leads to a newer one."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from orders.sandbox import customers

pytestmark = pytest.mark.django_db

START = datetime(2026, 11, 27, 12, tzinfo=UTC)
HISTORY = f"/adobe/customers/{customers.ADOBE_LARGE}/orders/"


@pytest.fixture(autouse=True)
def _fresh(settings):
    settings.CACHE_FRESH, settings.CACHE_STALE = 20, 900


def at(seconds):
    return time_machine.travel(START + timedelta(seconds=seconds), tick=False)


def freshness(page):
    """The word for machines and the word for people; the age has to be a number of seconds."""
    hook = page.root.one(data_freshness=True)
    assert 0 <= int(hook["data-age"]) <= 900
    return hook["data-freshness"], hook.text.partition(" ·")[0]


def test_back_next_previous_and_reload_cost_no_call(see, upstreams):
    visits = [HISTORY, f"{HISTORY}?offset=25&limit=25", HISTORY, HISTORY, f"{HISTORY}?limit=25&offset=25"]

    seen = [freshness(see(address)) for address in visits]

    assert seen == [("live", "live")] * 2 + [("saved", "saved")] * 3
    assert len(upstreams.requests) == 2


def test_an_order_that_was_looked_at_a_moment_ago_is_a_saved_one(see, upstreams):
    order = see(HISTORY).order_ids[0]

    seen = [freshness(see(f"{HISTORY}{order}/")) for _ in range(2)]

    assert seen == [("live", "live"), ("saved", "saved")]
    assert len(upstreams.requests) == 2


def test_refresh_always_asks_and_keeps_the_filters(see, upstreams):
    page = see(f"{HISTORY}?status=1000&limit=25")
    address = page.root.one("a", data_refresh=True)["href"]
    refreshed = see(HISTORY + address)

    assert address == "?status=1000&limit=25&fresh=1"
    assert freshness(refreshed) == ("live", "live")
    assert upstreams.requests[0].query == upstreams.requests[1].query
    assert "fresh" not in refreshed.root.one("a", rel="next")["href"]


def test_a_retry_asks_whatever_is_saved(see, upstreams, impatient):
    see(HISTORY)
    upstreams.script("adobe", ["timeout"] * 3)
    retry = see(f"{HISTORY}?fresh=1", status=504).root.one(data_retry=True)["href"]

    assert freshness(see(HISTORY)) == ("saved", "saved")
    assert "retry=" in retry
    assert freshness(see(HISTORY + retry)) == ("live", "live")


def test_personal_data_is_revealed_live_and_hidden_again_without_a_call(reveal, see_prices, upstreams):
    history = f"/fabric/customers/{customers.FABRIC_MAIN}/orders/"
    order = f"{history}{see_prices(history).order_ids[0]}/"
    see_prices(order)
    revealed = reveal(order)
    hidden = see_prices(order + revealed.root.one(data_notice="revealed").one("a")["href"])

    assert (freshness(revealed)[0], freshness(hidden)[0]) == ("live", "saved")
    assert len(upstreams.requests) == 3


@pytest.fixture
def opened(see):
    """A history that was looked at, and an order of it that was not."""
    with at(0):
        return HISTORY, f"{HISTORY}{see(HISTORY).order_ids[0]}/"


@pytest.mark.parametrize("which", ["history", "order"])
def test_while_the_upstream_fails_the_last_answer_is_shown_and_the_failure_beside_it(
    see, upstreams, opened, which
):
    address = opened[which == "order"]
    with at(0):
        before = see(address)
    upstreams.script("adobe", [{"status": 503}] * 3)
    with at(240):
        page = see(address)
    tag, notice = page.root.one(data_freshness=True), page.root.one(data_notice="stale")
    failure = page.root.one(data_error=True)

    assert (tag["data-freshness"], tag["data-age"], tag.text) == ("stale", "240", "saved copy · 4 min old")
    assert notice.text.startswith("A saved copy, 4 min old. This is what Adobe sent on Fri 27 Nov, 12:00")
    assert (failure["data-error"], failure["data-source"]) == ("unavailable", "adobe")
    assert failure["data-request-id"] == upstreams.requests[-1].headers["x-request-id"]
    assert failure.one(data_retry=True)["href"] == "?"
    assert page.order_ids == before.order_ids


def test_a_silent_upstream_leaves_the_copy_with_a_retry_that_carries_its_intent(see, impatient):
    see(HISTORY)
    impatient.script("adobe", ["timeout"] * 3)
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=60)):
        page = see(HISTORY)
        asked = impatient.requests[-1].headers["x-correlation-id"]
        retried = see(HISTORY + page.root.one(data_error="timeout").one(data_retry=True)["href"])

    assert freshness(page) == ("stale", "saved copy")
    assert freshness(retried) == ("live", "live")
    assert impatient.requests[-1].headers["x-correlation-id"] == asked


def test_refresh_that_fails_shows_the_failure_alone_and_leads_to_the_copy(see, upstreams, opened):
    upstreams.script("adobe", [{"status": 503}] * 3)
    with at(60):
        failed = see(f"{HISTORY}?fresh=1", status=502)
        asked = len(upstreams.requests)
        link = failed.root.one(data_saved_copy=True)
        copy = see(HISTORY + link["href"])

    assert failed.order_ids == []
    assert failed.root.all(data_freshness=True) == []
    assert link.text == "Show the saved copy, 1 min old"
    assert freshness(copy) == ("stale", "saved copy")
    assert copy.root.one(data_error="unavailable")
    assert len(upstreams.requests) == asked
    assert all("saved=" not in each["href"] for each in copy.root.all("a", rel="next"))


def test_a_failure_without_a_copy_offers_none(see, upstreams):
    upstreams.script("adobe", [{"status": 503}] * 3)

    assert see(HISTORY, status=502).root.all(data_saved_copy=True) == []


def test_what_is_not_there_any_more_hides_behind_no_copy(see, upstreams, opened):
    upstreams.script("adobe", [{"status": 404, "code": "1116"}])
    with at(60):
        page = see(HISTORY, status=404)

    assert page.root.one(data_error=True)["data-error"] == "not-found"
