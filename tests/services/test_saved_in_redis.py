"""With a real Redis in between: what lies there, for how long, and one call for several processes."""

import pickle
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.cache import caches

from orders.domain.granted_rights import EVERYTHING
from orders.domain.queries import PageRequest
from orders.infrastructure import sealed_cache
from orders.sandbox import customers
from orders.services.saved_answers import Wish, pages
from orders.services.single_flight import SingleFlight
from orders.upstreams import registry
from orders.upstreams.adobe_vip_marketplace.request_parameters import AdobeOrderQuery
from orders_portal import service_urls
from tests.processes import wait_until
from tests.upstreams.shared_caches import REDIS_URL, redis_cache

WISH = Wish(rights=EVERYTHING, scope="all")


@pytest.fixture
def in_redis(settings):
    """A Redis with keys of this test alone; gives redis-py's own client."""
    redis_cache()  # skips where there is none
    import redis

    prefix = f"test-{uuid.uuid4().hex}"
    shared = service_urls.cache(f"{REDIS_URL}?key_prefix={prefix}")
    settings.CACHES = {**settings.CACHES, "answers": service_urls.cache_of_answers(shared)}
    settings.CACHE_FRESH, settings.CACHE_STALE = 20, 900
    sealed_cache.forget_outage()
    with redis.Redis.from_url(REDIS_URL) as client:
        client.of_this_test = f"{prefix}*"
        yield client
        left = list(client.scan_iter(client.of_this_test))
        if left:
            client.delete(*left)


def look():
    return pages.answer(
        "adobe",
        ("a question",),
        WISH,
        lambda: registry.connect("adobe").list_orders(
            customers.ADOBE_LARGE, AdobeOrderQuery(), PageRequest()
        ),
    )


def test_what_lies_there_is_sealed_ends_by_itself_and_nothing_of_it_is_unpickled(upstreams, in_redis):
    first, second = look(), look()
    (key,) = in_redis.scan_iter(in_redis.of_this_test)
    sealed = in_redis.get(key)

    assert (first.freshness.state, second.freshness.state) == ("live", "saved")
    assert (second.fetched, second.at) == (first.fetched, first.at)
    assert sealed[:5] == b"gAAAA"
    assert 890 < in_redis.ttl(key) <= 900
    in_redis.set(key, pickle.dumps(first.fetched))
    assert look().freshness.is_live


def test_several_processes_make_one_call(upstreams, in_redis, settings):
    upstreams.latency = 0.3
    flights: list[SingleFlight[str]] = [SingleFlight() for _ in range(3)]
    saved = []

    def ask():
        registry.connect("adobe").list_orders(customers.ADOBE_LARGE, AdobeOrderQuery(), PageRequest())
        caches["answers"].set("answer", b"an answer", 10)
        saved.append("an answer")
        return "an answer"

    def ask_in(flight):
        return flight.answer(
            "q",
            ask,
            lambda: "an answer" if caches["answers"].get("answer") else None,
            source="adobe",
            seconds=10,
        )

    with ThreadPoolExecutor(9) as pool:
        running = [pool.submit(ask_in, flights[0])]
        wait_until(lambda: upstreams.requests or sealed_cache.whose_turn("q"), pause=0.005)
        running += [pool.submit(ask_in, flight) for flight in flights * 2]
        outcomes = [each.result(15) for each in running]

    assert saved == ["an answer"]
    assert outcomes == [("an answer", True), *[("an answer", False)] * 6]
    assert sealed_cache.whose_turn("q") == ""
