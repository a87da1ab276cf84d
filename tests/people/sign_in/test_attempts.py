"""Five wrong passwords within five minutes block the pair of name and address for five minutes."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.test import Client

from orders.people.sign_in.attempts import ALLOWED_ANYWHERE, Attempt
from tests.pages import Page
from tests.personas import PASSWORD

START = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
TOO_MANY = "Too many wrong passwords. Wait five minutes, then try again."


def try_password(password: str, *, name: str = "dana", address: str = "192.0.2.1") -> str:
    """`in`, or what the page says."""
    response = Client(REMOTE_ADDR=address).post("/accounts/login/", {"login": name, "password": password})
    return "in" if response.status_code == 302 else Page(response).root.one(class_="note-bad").text


@pytest.mark.django_db
def test_the_sixth_try_is_refused_though_it_is_right(agent):
    for _ in range(5):
        assert "don't match" in try_password("wrong")

    assert try_password(PASSWORD) == TOO_MANY


@pytest.mark.django_db
def test_upper_and_lower_case_are_one_name(agent):
    for name in ("dana", "Dana", "DANA", "dAna", "daNa"):
        try_password("wrong", name=name)

    assert try_password(PASSWORD) == TOO_MANY


@pytest.mark.django_db
def test_nobody_can_lock_out_a_colleague_from_elsewhere(agent):
    for _ in range(6):
        try_password("wrong", address="192.0.2.66")

    assert try_password(PASSWORD) == "in"


@pytest.mark.django_db
def test_names_that_do_not_exist_are_blocked_alike(agent):
    said = [try_password("wrong", name="nobody-of-that-name") for _ in range(6)]

    assert said[-1] == TOO_MANY


@pytest.mark.django_db
def test_the_block_ends_after_five_minutes(agent):
    with time_machine.travel(START, tick=False) as clock:
        for _ in range(5):
            try_password("wrong")
        clock.shift(timedelta(minutes=4, seconds=59))
        assert try_password(PASSWORD) == TOO_MANY
        clock.shift(timedelta(seconds=2))

        assert try_password(PASSWORD) == "in"


@pytest.mark.django_db
def test_failures_far_apart_block_nobody(agent):
    with time_machine.travel(START, tick=False) as clock:
        for _ in range(7):
            try_password("wrong")
            clock.shift(timedelta(minutes=5, seconds=1))

        assert try_password(PASSWORD) == "in"


@pytest.mark.django_db
def test_a_right_password_in_between_does_not_start_the_count_anew(agent):
    for password in ("wrong", "wrong", PASSWORD, "wrong", "wrong", "wrong"):
        try_password(password)

    assert try_password(PASSWORD) == TOO_MANY


def test_a_name_guessed_from_everywhere_is_blocked_everywhere():
    for number in range(ALLOWED_ANYWHERE):
        attempt = Attempt("dana", f"192.0.2.{number}")
        assert attempt.begin()
        attempt.failed()

    assert not Attempt("dana", "198.51.100.1").begin()
    assert Attempt("milo", "198.51.100.1").begin()


def test_guesses_sent_at_once_gain_nothing():
    looked_at = []

    def guess() -> None:
        attempt = Attempt("dana", "192.0.2.1")
        if attempt.begin():
            looked_at.append("a password")
            attempt.failed()

    at_once(guess, times=30)

    assert looked_at == ["a password"] * 5


def test_right_passwords_sent_at_once_are_all_taken():
    taken = []

    def come_in() -> None:
        attempt = Attempt("dana", "192.0.2.1")
        if attempt.begin():
            taken.append("in")
            attempt.succeeded()

    at_once(come_in, times=30)

    assert taken == ["in"] * 30


def at_once(work, *, times: int) -> None:
    threads = [threading.Thread(target=work) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.django_db
def test_without_the_shared_cache_nobody_signs_in_and_whoever_is_in_goes_on(agent, settings):
    inside, outside = Client(), Client()
    inside.force_login(agent)
    # Nobody listens there.
    settings.CACHES = {
        **settings.CACHES,
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:9",
        },
    }

    page = Page(outside.post("/accounts/login/", {"login": "dana", "password": PASSWORD}))

    assert (page.status, page.root.one("h1").text) == (503, "Nobody can sign in right now")
    assert page.response["Retry-After"] == "60"
    assert inside.get("/").status_code == 200
    settings.CACHES = {
        **settings.CACHES,
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    }


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("proxies", "forwarded", "counted"),
    [
        (0, "198.51.100.7", "192.0.2.1"),
        (1, "made-up, 198.51.100.7", "198.51.100.7"),
        (2, "198.51.100.7, 203.0.113.1", "198.51.100.7"),
        (1, "", "192.0.2.1"),
    ],
)
def test_the_visitors_address_is_what_trusted_proxies_say(agent, settings, proxies, forwarded, counted):
    settings.TRUSTED_PROXY_COUNT = proxies
    browser = Client(REMOTE_ADDR="192.0.2.1", headers={"x-forwarded-for": forwarded} if forwarded else None)

    browser.post("/accounts/login/", {"login": "dana", "password": PASSWORD})

    assert UserSession.objects.get().ip == counted


@pytest.mark.django_db
def test_an_address_that_knocks_without_an_end_gets_429(agent):
    statuses = [
        Client().post("/accounts/login/", {"login": f"name-{number}", "password": "wrong"}).status_code
        for number in range(121)
    ]

    assert statuses == [200] * 120 + [429]
