"""Sessions end when they are idle, when they are old, and all at once when they must."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client

from tests.pages import Page
from tests.personas import PASSWORD

pytestmark = pytest.mark.django_db

START = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def clock():
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


def is_in(browser: Client) -> bool:
    return browser.get("/").status_code == 200


def test_half_an_hour_without_activity_ends_a_session(agent, sign_in, clock):
    browser = sign_in("dana")
    clock.shift(timedelta(minutes=29))
    assert is_in(browser)
    clock.shift(timedelta(minutes=30))

    page = Page(browser.get("/", follow=True))

    assert page.root.one("h1").text == "Sign in"
    assert "You were signed out after 30 minutes without activity." in page.text


def test_twelve_hours_end_a_session_that_is_in_use(agent, sign_in, clock):
    browser = sign_in("dana")
    for _ in range(71):
        clock.shift(timedelta(minutes=10))
        assert is_in(browser)
    clock.shift(timedelta(minutes=10))

    page = Page(browser.get("/", follow=True))

    assert "You were signed out, 12 hours after you had signed in." in page.text


def test_both_limits_are_settings(agent, sign_in, clock, settings):
    settings.SESSION_IDLE_SECONDS = 60
    browser = sign_in("dana")
    clock.shift(timedelta(seconds=61))

    assert not is_in(browser)


def test_activity_is_written_down_at_most_once_a_minute(agent, sign_in, clock):
    browser = sign_in("dana")
    writes = []
    for _ in range(10):
        clock.shift(timedelta(seconds=20))
        before = Session.objects.get().session_data
        assert is_in(browser)
        writes.append(Session.objects.get().session_data != before)

    assert writes == [False, False, True] * 3 + [False]


def test_an_ended_session_is_gone_from_the_database(agent, sign_in, clock):
    browser = sign_in("dana")
    clock.shift(timedelta(hours=1))

    assert not is_in(browser)
    assert not Session.objects.filter(session_key=browser.cookies["session"].value).exists()


def test_a_half_loaded_page_goes_to_the_sign_in_as_a_whole(agent, sign_in, clock):
    browser = sign_in("dana")
    clock.shift(timedelta(hours=1))

    response = browser.get("/adobe/customers/1/orders/", headers={"HX-Request": "true"})

    assert response["HX-Redirect"] == "/accounts/login/?next=/adobe/customers/1/orders/"


def test_signing_in_gives_the_session_a_new_key(agent):
    browser = Client()
    session = browser.session
    session["planted"] = True
    session.save()
    planted = browser.cookies["session"].value

    browser.post("/accounts/login/", {"login": "dana", "password": PASSWORD})

    assert browser.cookies["session"].value != planted
    assert not Session.objects.filter(session_key=planted).exists()


def test_switching_a_person_off_ends_all_their_sessions_at_once(agent, sign_in):
    browsers = [sign_in("dana"), sign_in("dana")]
    colleague = User.objects.create_user("milo", password=PASSWORD)
    other = sign_in("milo")

    agent.is_active = False
    agent.save()

    assert [is_in(browser) for browser in browsers] == [False, False]
    assert {session.get_decoded()["_auth_user_id"] for session in Session.objects.all()} == {
        str(colleague.pk)
    }
    assert is_in(other)


def test_switching_off_past_the_models_is_noticed_at_the_next_request(agent, sign_in):
    browser = sign_in("dana")

    User.objects.filter(pk=agent.pk).update(is_active=False)

    assert not is_in(browser)


def test_a_new_password_by_an_administrator_ends_all_sessions(agent, sign_in):
    browser = sign_in("dana")

    agent.set_password("another-password-for-tests")
    agent.save()

    assert not is_in(browser)
    assert Session.objects.count() == 0


def test_changing_ones_own_password_signs_out_everywhere(agent, sign_in):
    here, elsewhere = sign_in("dana"), sign_in("dana")

    response = here.post(
        "/accounts/password/change/",
        {
            "oldpassword": PASSWORD,
            "password1": "another-password-for-tests",
            "password2": "another-password-for-tests",
        },
        follow=True,
    )

    assert Page(response).root.one("h1").text == "Sign in"
    assert [is_in(here), is_in(elsewhere)] == [False, False]
    assert is_in(sign_in("dana", "another-password-for-tests"))


def test_saving_a_person_for_other_reasons_ends_nothing(agent, sign_in):
    browser = sign_in("dana")

    agent.first_name = "Dana"
    agent.save()

    assert is_in(browser)


def test_people_see_their_sessions_and_end_the_others(agent, sign_in):
    elsewhere = sign_in("dana", headers={"user-agent": FIREFOX})
    here = sign_in("dana", REMOTE_ADDR="192.0.2.7")

    table = Page(here.get("/accounts/sessions/")).root.one("table")
    rows = [[cell.text for cell in row.all("td")][1:] for row in table.one("tbody").all("tr")]
    assert [row[1:] for row in rows] == [["127.0.0.1", "Firefox on Windows"], ["192.0.2.7", "unknown"]]
    assert rows[1][0] == "This one"

    page = Page(here.post("/accounts/sessions/", follow=True))

    assert "You are signed in nowhere else." in page.text
    assert [is_in(here), is_in(elsewhere)] == [True, False]


def test_nobody_sees_or_ends_the_sessions_of_others(agent, sign_in):
    User.objects.create_user("milo", password=PASSWORD)
    other = sign_in("milo", REMOTE_ADDR="192.0.2.66")
    here = sign_in("dana")

    assert "192.0.2.66" not in here.get("/accounts/sessions/").content.decode()
    here.post("/accounts/sessions/")

    assert is_in(other)
