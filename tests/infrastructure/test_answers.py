"""What every answer carries, and what it must not."""

import os
import re

import pytest
from django.core.cache import cache
from django.db import DatabaseError
from django.test import Client, RequestFactory

from orders.infrastructure.middleware import ThisMachineOnlyMiddleware
from tests.pages import Page
from tests.personas import PASSWORD
from tests.processes import run_python

# Loads the portal as in production, asks one page by HTTPS and prints what comes back.
ASK = """
import django
django.setup()
from django.core.management import call_command
from django.test import Client
call_command("migrate", verbosity=0)
answer = Client().get("/accounts/login/", secure=True, headers={"host": "portal.example"})
print(answer.status_code)
for name, value in answer.headers.items(): print(f"{name}: {value}")
for cookie in answer.cookies.values(): print(cookie.output())
plain = Client().get("/accounts/login/", headers={"host": "portal.example"})
print("plain", plain.status_code, plain["Location"])
health = Client().get("/health/live", headers={"host": "portal.example"})
print("health", health.status_code)
"""


def test_in_production_cookies_and_headers_are_strict(tmp_path):
    result = run_python(
        *("-c", ASK),
        environment={
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "orders_portal.settings",
            "SECRET_KEY": "k" * 60,
            "ALLOWED_HOSTS": "portal.example",
            "DATABASE_URL": f"sqlite:///{tmp_path / 'db.sqlite3'}",
            "LOG_LEVEL": "ERROR",
        },
    )
    lines = result.stdout.splitlines()

    assert lines[0] == "200", result.stderr
    assert "Strict-Transport-Security: max-age=31536000; includeSubDomains; preload" in lines
    assert "X-Frame-Options: DENY" in lines
    assert "X-Content-Type-Options: nosniff" in lines
    assert "Referrer-Policy: same-origin" in lines
    cookies = [line for line in lines if line.startswith("Set-Cookie")]
    assert [re.match(r"Set-Cookie: ([^=]+)=", cookie).group(1) for cookie in cookies] == ["__Host-csrf"]  # type: ignore[union-attr]
    assert all("Secure" in cookie and "HttpOnly" in cookie and "Path=/;" in cookie for cookie in cookies)
    assert all("Domain" not in cookie and "SameSite=Lax" in cookie for cookie in cookies)
    assert lines[-2:] == ["plain 301 https://portal.example/accounts/login/", "health 200"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/", "/accounts/login/", "/accounts/2fa/", "/no-such-page", "/health/ready"]
)
def test_every_page_has_the_whole_policy_and_is_kept_nowhere(portal, path):
    response = portal.get(path)

    policy = dict(part.strip().split(" ", 1) for part in response["Content-Security-Policy"].split(";"))
    assert policy == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "font-src": "'self'",
        "connect-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
        "object-src": "'none'",
    }
    assert "no-store" in response["Cache-Control"]
    assert re.fullmatch(r"[0-9a-f-]{36}", response["X-Request-Id"])


@pytest.mark.django_db
def test_a_visitors_own_request_id_is_not_taken(portal):
    response = portal.get("/", headers={"X-Request-Id": "made-up"})

    assert response["X-Request-Id"] != "made-up"


@pytest.mark.django_db
def test_two_requests_have_two_ids(portal):
    assert portal.get("/")["X-Request-Id"] != portal.get("/")["X-Request-Id"]


def test_being_alive_touches_neither_database_nor_cache(client, monkeypatch):
    for method in ("get", "get_many", "set", "add", "incr"):
        monkeypatch.setattr(cache, method, None)
    client.cookies["session"] = "whatever-a-visitor-sends"

    response = client.get("/health/live")  # without the mark, the database would refuse

    assert (response.status_code, response.json()) == (200, {"status": "ok"})


@pytest.mark.django_db
def test_our_own_mistakes_show_a_reference_and_nothing_else(portal, monkeypatch):
    from orders.views.history import home

    def fail(request):
        raise DatabaseError("the-connection-string")

    monkeypatch.setattr(home, "home_page", fail)
    portal.raise_request_exception = False

    response = portal.get("/")

    page = Page(response)
    assert (page.status, page.root.one(data_reference=True).text) == (500, response["X-Request-Id"])
    assert "the-connection-string" not in page.html


def test_the_page_for_our_own_mistakes_asks_no_database(rf: RequestFactory):
    from orders.views.system.errors import server_error

    request = rf.get("/")
    request.request_id = "3ecd4f0e-8ba0-4ce2-bd90-7428880c3243"  # type: ignore[attr-defined]

    response = server_error(request)  # without the mark, the database would refuse

    assert b"3ecd4f0e-8ba0-4ce2-bd90-7428880c3243" in response.content


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("192.168.1.20", {}, 403),
        ("127.0.0.1", {"x-forwarded-for": "192.168.1.20"}, 403),
        ("", {}, 403),
    ],
)
def test_with_debug_nobody_elsewhere_gets_a_page(rf: RequestFactory, address, headers, status):
    from django.http import HttpResponse

    answer = ThisMachineOnlyMiddleware(lambda request: HttpResponse("source code"))

    assert answer(rf.get("/", headers=headers, REMOTE_ADDR=address)).status_code == status


@pytest.mark.django_db
def test_another_sites_form_is_refused(agent):
    browser = Client(enforce_csrf_checks=True)

    response = browser.post("/accounts/login/", {"login": "dana", "password": PASSWORD})

    assert response.status_code == 403
