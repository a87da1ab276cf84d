"""Signing in and out with a password, as scripts and people do it."""

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command

from tests.pages import Page
from tests.personas import PASSWORD

pytestmark = pytest.mark.django_db

LOGIN = "/accounts/login/"


@pytest.mark.parametrize("field", ["login", "username"])
def test_the_name_may_be_sent_under_either_of_its_names(agent, client, field):
    response = client.post(LOGIN, {field: "dana", "password": PASSWORD})

    assert (response.status_code, response["Location"]) == (302, "/")
    assert client.get("/").status_code == 200


def test_a_fresh_superuser_signs_in_and_nothing_else_is_asked_of_them(client, monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    call_command("createsuperuser", "--noinput", "--username", "root", "--email", "root@portal.example")

    client.post(LOGIN, {"login": "root", "password": PASSWORD})

    assert client.get("/").status_code == 200
    assert client.get("/admin/").status_code == 200


def test_the_way_back_is_kept_and_leads_nowhere_else(agent, client):
    there = client.get("/adobe/customers/1/orders/?limit=50")["Location"]
    assert there == "/accounts/login/?next=/adobe/customers/1/orders/%3Flimit%3D50"

    response = client.post(there, {"login": "dana", "password": PASSWORD, "next": "https://evil.example/"})

    assert response["Location"] == "/"


def test_nobody_learns_whether_a_name_exists(agent, client):
    User.objects.create_user("gone", password=PASSWORD, is_active=False)

    pages = [
        Page(client.post(LOGIN, {"login": name, "password": "wrong-password"}))
        for name in ("dana", "nobody-of-that-name", "gone")
    ]

    told = [(page.status, page.root.one(class_="note-bad").text) for page in pages]
    assert told == [(200, "That user name and password don't match. Both are case-sensitive.")] * 3


def test_a_name_that_does_not_exist_costs_as_much_time(agent, client, hashed):
    for name in ("dana", "nobody-of-that-name"):
        client.post(LOGIN, {"login": name, "password": "wrong-password"})

    assert hashed == ["hashed", "hashed"]


@pytest.fixture
def hashed(monkeypatch) -> list[str]:
    """One word for every password that was hashed, for comparison or for nothing."""
    from django.contrib.auth.hashers import MD5PasswordHasher

    made: list[str] = []
    encode = MD5PasswordHasher.encode

    def counted(self, password, salt):
        made.append("hashed")
        return encode(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    return made


@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_signs_up(client, method):
    sent = {"username": "eve", "password1": "a-long-enough-password", "password2": "a-long-enough-password"}

    response = getattr(client, method)("/accounts/signup/", sent)

    assert Page(response).root.one("h1").text == "Nobody signs up here"
    assert list(User.objects.all()) == []


@pytest.mark.parametrize(
    "path",
    ["password/reset/", "email/", "3rdparty/", "3rdparty/signup/", "confirm-email/", "login/code/confirm/"],
)
def test_what_the_portal_does_not_use_has_no_address(portal, path):
    assert portal.get(f"/accounts/{path}").status_code == 404


def test_the_admin_sends_strangers_to_the_portals_own_sign_in(client):
    response = client.get("/admin/login/?next=/admin/")

    assert (response.status_code, response["Location"]) == (302, "/accounts/login/?next=%2Fadmin%2F")


def test_signing_out_takes_a_post_and_empties_the_browser(agent, sign_in):
    browser = sign_in("dana")
    assert browser.get("/accounts/logout/").status_code == 200
    assert browser.get("/").status_code == 200

    response = browser.post("/accounts/logout/")

    assert response["Location"] == "/accounts/login/"
    assert response["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert browser.get("/").status_code == 302


def test_signing_out_in_the_admin_empties_the_browser_too(admin_user, sign_in):
    browser = sign_in("admin", "password")

    response = browser.post("/admin/logout/")

    assert response["Clear-Site-Data"] == '"cache", "cookies", "storage"'


def test_other_answers_empty_nothing(portal):
    assert "Clear-Site-Data" not in portal.get("/")


def test_a_switched_off_person_is_told_so_only_after_the_right_password(client):
    User.objects.create_user("gone", password=PASSWORD, is_active=False)

    response = client.post(LOGIN, {"login": "gone", "password": PASSWORD}, follow=True)

    assert Page(response).root.one("h1").text == "Your account is switched off"
    assert "_auth_user_id" not in client.session


def test_a_person_of_a_provider_has_no_password_to_change(client):
    user = User.objects.create_user("sso-only")
    client.force_login(user)

    response = client.get("/accounts/password/change/", follow=True)

    assert response.status_code == 403
    assert Page(response).root.one("h1").text == "You have no password here"


def test_a_typed_password_is_never_repeated(agent, client):
    for accept in ("text/html", "application/json"):
        response = client.post(
            LOGIN, {"login": "dana", "password": "wrong-password"}, headers={"Accept": accept}
        )

        assert response["Content-Type"] == "text/html; charset=utf-8"
        assert b"wrong-password" not in response.content
