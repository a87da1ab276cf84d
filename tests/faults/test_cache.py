"""A Redis that hangs: it takes every question and answers none. Pages go on, and what can't says so."""

import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import redis
import requests

from orders.infrastructure.shared_cache import CacheAway, CoolDown
from tests.faults.conftest import HISTORY, Start
from tests.faults.table import Outcome
from tests.faults.test_locks import in_words, sign_in, sign_in_token
from tests.faults.visitors import crowd, percentile, slowest
from tests.processes import end, free_port, wait_until


@pytest.fixture
def own_redis(tmp_path: Path) -> Iterator[Any]:
    """A Redis of this test's own, to be stopped and let go."""
    port = free_port()
    command = [
        "redis-server",
        "--port",
        str(port),
        "--bind",
        "127.0.0.1",
        "--save",
        "",
        "--dir",
        str(tmp_path),
    ]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True)
    try:
        wait_until(lambda: answers(port))
        yield process, f"redis://127.0.0.1:{port}/0"
    finally:
        process.send_signal(signal.SIGCONT)
        end(process)


def answers(port: int) -> bool:
    try:
        with redis.Redis(port=port) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False


@contextmanager
def hanging(process: "subprocess.Popen[bytes]") -> Iterator[None]:
    process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        process.send_signal(signal.SIGCONT)


def test_while_redis_hangs_pages_go_on_and_the_sign_in_says_so(
    start: Start, sqlite_url: str, own_redis: Any, tell: Any
) -> None:
    process, url = own_redis
    with start(sqlite_url, CACHE_URL=url, LIMIT_CUSTOMERS_PER_HOUR="200") as portal:
        assert portal.see(HISTORY).status == 200
        browser = requests.Session()
        token = sign_in_token(browser, portal)
        portal.fetch_file()
        with hanging(process):
            portal.fetch_file()
            pages = crowd(8, lambda _: portal.see(HISTORY))
            home = portal.see("/")
            signing_in = sign_in(browser, portal, token)
        let_go = time.monotonic()
        wait_until(lambda: sign_in(browser, portal, token).status == 302)
        after = time.monotonic() - let_go
        portal.fetch_file()

    assert [page.status for page in [*pages, home]] == [200] * 9
    assert in_words(signing_in)
    asked = [*pages, home, signing_in]
    tell(Outcome.of("Redis hangs", asked, after), portal)


@pytest.mark.slow
def test_a_hanging_redis_costs_a_page_300_ms_once_in_a_while(
    start: Start, sqlite_url: str, own_redis: Any, tell: Any
) -> None:
    """One visitor after the other, so that what a page takes is its own."""
    process, url = own_redis
    with start(sqlite_url, CACHE_URL=url, LIMIT_CUSTOMERS_PER_HOUR="200") as portal:
        before = [portal.see(HISTORY) for _ in range(40)]
        end_at = time.monotonic() + 12.0
        pages = []
        with hanging(process):
            while time.monotonic() < end_at:
                pages.append(portal.see(HISTORY))
    usual = percentile(before[5:], 0.5)
    hurt = [page for page in pages if page.seconds > usual + 0.15]
    tell(Outcome.of("Redis hangs, one visitor", pages), portal)

    assert {page.status for page in pages} == {200}
    assert slowest(pages) < usual + 0.3 + 0.1  # what the machine's neighbours may add
    assert len(hurt) <= 4  # in twelve seconds, of which five each are without it


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_who_asked_in_vain_has_done_so_for_all_and_then_one_asks_again() -> None:
    clock = Clock()
    asked: list[str] = []

    def hang() -> str:
        asked.append("hung")
        raise redis.TimeoutError

    cool_down = CoolDown(5.0, clock)
    for _ in range(3):
        with pytest.raises(CacheAway):
            cool_down.ask(hang)
    assert (asked, cool_down.is_on) == (["hung"], True)

    clock.now += 5.0
    with pytest.raises(CacheAway):
        cool_down.ask(hang)
    with pytest.raises(CacheAway):
        cool_down.ask(lambda: "nobody asks")
    assert asked == ["hung"] * 2

    clock.now += 5.0
    assert (cool_down.ask(lambda: "back"), cool_down.is_on) == ("back", False)


def test_while_one_asks_again_the_others_do_not_wait_for_it() -> None:
    clock = Clock()
    cool_down = CoolDown(5.0, clock)

    def lost() -> str:
        raise redis.ConnectionError

    with pytest.raises(CacheAway):
        cool_down.ask(lost)
    clock.now += 5.0

    def asks_again() -> str:
        with pytest.raises(CacheAway):
            cool_down.ask(lambda: "another thread, meanwhile")
        return "back"

    assert cool_down.ask(asks_again) == "back"


def test_what_a_redis_answers_is_no_silence() -> None:
    cool_down = CoolDown()

    def refused() -> str:
        raise redis.ResponseError("wrong kind of value")

    with pytest.raises(redis.ResponseError):
        cool_down.ask(refused)
    assert not cool_down.is_on
