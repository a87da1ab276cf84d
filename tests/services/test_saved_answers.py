"""What is asked anew and what is served from an answer that was saved, for whom, and for how long."""

import json
import zlib
from datetime import UTC, datetime, timedelta
from itertools import combinations

import msgspec
import pytest
import time_machine
from django.core.cache import caches
from hypothesis import given
from hypothesis import strategies as st

from orders import services
from orders.domain.errors import NotFound
from orders.domain.freshness import SAVED, Freshness, Takes
from orders.domain.granted_rights import Right, Rights
from orders.domain.queries import PageRequest
from orders.domain.selection import FabricOrderQuery
from orders.infrastructure import sealed_cache
from orders.ledger import Action, LedgerEntry
from orders.people.permissions import rights_of, scope_of
from orders.sandbox import customers
from orders.services.saved_answers import Wish
from orders.services.saved_answers import pages as saved_pages
from orders.upstreams.adobe_vip_marketplace.request_parameters import AdobeOrderQuery
from tests.personas import assign, person

LARGE, MAIN = customers.ADOBE_LARGE, customers.FABRIC_MAIN


@pytest.fixture(autouse=True)
def _fresh(settings):
    settings.CACHE_FRESH = 20


@pytest.fixture
def thea(db, upstreams):
    return person("thea", "supervisor")


def history(actor, source="adobe", customer_id=LARGE, offset=0, *, is_anew=False, **filters):
    query = (AdobeOrderQuery if source == "adobe" else FabricOrderQuery)(**filters)
    return services.list_orders(
        actor=actor,
        source=source,
        customer_id=customer_id,
        query=query,
        page_request=PageRequest(offset, 25),
        takes=Takes.LIVE if is_anew else Takes.SAVED,
    )


def order(actor, source="adobe", customer_id=LARGE, **more):
    order_id = history(actor, source, customer_id).rows[0].order.order_id
    return services.get_order(
        actor=actor, source=source, customer_id=customer_id, order_id=order_id, takes=Takes.SAVED, **more
    )


def without_age(page):
    return msgspec.structs.replace(page, freshness=Freshness())


@pytest.mark.parametrize(("source", "customer_id"), [("adobe", LARGE), ("fabric", MAIN)])
def test_what_is_saved_is_what_came_to_the_last_field(thea, upstreams, source, customer_id):
    asked, saved = history(thea, source, customer_id), history(thea, source, customer_id)
    first, second = order(thea, source, customer_id), order(thea, source, customer_id)

    assert (asked.freshness.state, saved.freshness.state) == ("live", "saved")
    assert (first.freshness.state, second.freshness.state) == ("live", "saved")
    assert without_age(saved) == without_age(asked)
    assert without_age(second) == without_age(first)
    assert len(upstreams.requests) == 2


def test_pages_and_filters_of_an_upstream_that_sends_everything_are_one_question(thea, upstreams):
    history(thea, "fabric", MAIN)
    history(thea, "fabric", MAIN, offset=25)
    history(thea, "fabric", MAIN, statuses=("FAILED",))

    assert len(upstreams.requests) == 1


def test_each_page_and_each_filter_of_an_upstream_that_pages_is_a_question_of_its_own(thea, upstreams):
    for _ in range(2):
        history(thea)
        history(thea, offset=25)
        history(thea, statuses=("1004",))
        history(thea, with_prices=True)

    assert len(upstreams.requests) == 4


def test_who_wishes_to_know_asks_anew_and_what_came_is_saved_for_the_others(thea, upstreams):
    history(thea)
    anew = history(thea, is_anew=True)
    after = history(thea)

    assert len(upstreams.requests) == 2
    assert anew.freshness.is_live
    assert (after.freshness.state, after.fetched_at) == (SAVED, anew.fetched_at)


def test_a_saved_answer_ends_by_time_alone(thea, upstreams, settings):
    start = datetime(2026, 11, 27, 12, tzinfo=UTC)
    ages = []
    for seconds in (0, 5, 19, 21):
        with time_machine.travel(start + timedelta(seconds=seconds), tick=False):
            ages.append((history(thea).freshness.state, history(thea).freshness.age))

    assert ages == [("live", 0), ("saved", 5), ("saved", 19), ("live", 0)]
    assert len(upstreams.requests) == 2


def test_nothing_is_saved_where_it_is_switched_off(thea, upstreams, settings):
    settings.CACHE_FRESH = 0

    assert [history(thea).freshness.state for _ in range(2)] == ["live", "live"]
    assert len(upstreams.requests) == 2


def test_files_and_reveals_always_ask_and_nothing_of_them_is_saved(thea, upstreams):
    rights = services.export_admitted(actor=thea, source="adobe", customer_id=LARGE)
    details = order(thea)
    order_id = details.order.order_id
    before = len(upstreams.requests)

    for _ in range(2):
        services.reveal_order(actor=thea, source="adobe", customer_id=LARGE, order_id=order_id, reason="T-1")
        services.page_for_file(
            rights=rights,
            source="adobe",
            customer_id=LARGE,
            query=AdobeOrderQuery(),
            page_request=PageRequest(50, 25),
        )
    history(thea, offset=50)

    assert len(upstreams.requests) == before + 5


def test_a_saved_copy_is_masked_for_each_who_sees_it_and_shown_by_their_rights(db, upstreams):
    """Two people whose rights differ never share one; both see what they would see of a live one."""
    dana, thea = person("dana", "customer-service agent"), person("thea", "supervisor")

    of_dana, of_thea = order(dana, "fabric", MAIN), order(thea, "fabric", MAIN)
    again = order(dana, "fabric", MAIN)

    assert len(upstreams.requests) == 4
    assert of_thea.freshness.is_live
    assert (again.row, again.raw) == (of_dana.row, of_dana.raw)
    assert not again.is_revealed


def test_who_sees_other_accounts_shares_nothing_and_who_sees_the_same_ones_shares(db, upstreams):
    milo, nora, olaf = (person(name, "account manager") for name in ("milo", "nora", "olaf"))
    for manager in (milo, nora, olaf):
        assign(manager, "adobe", LARGE)
    assign(olaf, "adobe", customers.ADOBE_SMALL, account="Kestrel Books")

    assert [history(manager).freshness.state for manager in (milo, nora, olaf)] == ["live", "saved", "live"]


def test_who_may_no_longer_see_a_customer_is_shown_no_saved_copy(db, upstreams):
    milo = person("milo", "account manager")
    assign(milo, "adobe", LARGE)
    history(milo)
    milo.assignments.all().delete()

    with pytest.raises(NotFound):
        history(milo)
    assert len(upstreams.requests) == 1


_WISHES = st.builds(
    Wish,
    rights=st.builds(
        Rights,
        held=st.frozensets(st.sampled_from(Right)),
        sees_all=st.booleans(),
        may_import_accounts=st.booleans(),
        may_manage_people=st.booleans(),
    ),
    scope=st.one_of(
        st.just("all"),
        st.frozensets(st.integers(1, 120), max_size=4).map(
            lambda accounts: "accounts " + " ".join(map(str, sorted(accounts)))
        ),
    ),
)


@given(st.lists(st.tuples(_WISHES, st.lists(st.text(max_size=3), max_size=3)), max_size=8))
def test_no_two_rights_scopes_or_questions_have_the_same_name(asked):
    names = {
        (wish.rights, wish.scope, tuple(question)): saved_pages.name("adobe", question, wish)
        for wish, question in asked
    }

    assert all(one != other for one, other in combinations(names.values(), 2))


def test_a_look_at_something_saved_is_in_the_ledger_with_its_age(thea, upstreams):
    history(thea)
    saved = history(thea)
    entries = list(LedgerEntry.objects.filter(action=Action.VIEW_LIST).order_by("id"))

    details = [json.loads(entry.details) for entry in entries]

    assert details[1] == details[0] | {"freshness": "saved", "age": saved.freshness.age}
    assert entries[0].row_count == entries[1].row_count == 25
    assert entries[0].upstream_request_id == entries[1].upstream_request_id != ""


def test_nobody_reads_a_cache_and_what_was_changed_in_it_is_a_miss(thea, upstreams):
    rights = rights_of(thea)
    details = order(thea, "fabric", MAIN)
    name = saved_pages.name("fabric", (MAIN,), Wish(rights=rights, scope=scope_of(thea, rights)))
    sealed = caches["answers"].get(name)
    plain = zlib.compress(details.order.order_id.encode())

    assert MAIN not in name
    assert sealed[:5] == b"gAAAA", "a Fernet token"
    assert not any(each.encode() in sealed for each in (MAIN, details.order.order_id))
    for changed in (sealed[:-8] + b"AAAAAAA=", plain, b"", "text", 7):
        caches["answers"].set(name, changed)
        assert history(thea, "fabric", MAIN).freshness.is_live


def test_a_new_key_opens_what_the_former_one_sealed(settings):
    cache = sealed_cache.SealedCache("page-of-a-test", str)
    name = cache.name("a")
    cache.set(name, "what was kept", 10)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key " + "0" * 50

    assert cache.name("a") == name
    assert cache.get(name) == "what was kept"
    settings.SECRET_KEY_FALLBACKS = []
    assert cache.get(name) is None


def test_a_cache_that_is_away_costs_a_call_and_no_page(thea, upstreams, cache_away):
    assert [history(thea).freshness.state for _ in range(2)] == ["live", "live"]


def test_what_is_too_large_to_be_kept_is_asked_for_each_time(thea, upstreams, monkeypatch):
    monkeypatch.setattr(sealed_cache, "LARGEST", 1000)

    assert [history(thea).freshness.state for _ in range(2)] == ["live", "live"]


def test_a_part_of_a_list_that_should_be_whole_is_shown_and_not_saved(thea, upstreams):
    body = {
        "responseStatus": "OK",
        "data": {"orders": [{"id": "1"}], "query": {"offset": 0, "totalOrders": 9}},
    }
    upstreams.script("fabric", [{"body": body}] * 6)

    pages = [history(thea, "fabric", MAIN) for _ in range(2)]

    assert [(page.freshness.state, page.is_complete) for page in pages] == [("live", False)] * 2
