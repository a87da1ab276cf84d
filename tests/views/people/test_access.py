"""Signing in and out, what no other site can do in a person's name, and what each answer carries."""

import re

import pytest
from django.test import Client

from orders.sandbox import customers
from tests.pages import Page, parse
from tests.personas import PASSWORD, signed_in

pytestmark = pytest.mark.django_db

SIGN_IN = "/accounts/login/"
NOBODYS = "00000000-0000-4000-8000-000000000000"
POSTS = [
    "/saved-views/",
    "/saved-views/1/delete/",
    f"/fabric/customers/{customers.FABRIC_MAIN}/orders/export/",
    f"/fabric/customers/{customers.FABRIC_MAIN}/orders/1/",
    "/exports/notice/",
    *(f"/exports/{NOBODYS}/{what}/" for what in ("cancel", "rest", "offer")),
    "/profile/tokens/",
    "/profile/tokens/1/revoke/",
    "/profile/column-sets/new/fabric/orders/",
    "/profile/column-sets/1/",
    "/profile/column-sets/1/delete/",
    "/account-imports/",
    "/account-imports/1/carry-out/",
    "/accounts/password/change/",
    "/accounts/2fa/totp/activate/",
    "/accounts/sessions/",
]
HISTORY = f"/adobe/customers/{customers.ADOBE_SMALL}/orders/"


@pytest.mark.parametrize("address", ["/admin/", "/admin/auth/user/"])
def test_the_administration_is_for_administrators(client, portal, django_user_model, address):
    assert client.get(address).url.split("?")[0] in {"/accounts/login/", "/admin/login/"}
    assert portal.get(address).status_code == 302
    administrator = signed_in(django_user_model.objects.create_superuser("root"))
    assert administrator.get(address).status_code == 200


def test_an_unknown_address_tells_a_stranger_nothing(client, upstreams):
    assert client.get("/no/such/page").status_code == 404
    assert client.get("/sap/customers/1/orders/").status_code == 302
    assert "Sign out" not in client.get("/no/such/page").content.decode()


def test_a_sign_in_on_the_way_to_saving_a_view_leads_to_the_views(portal):
    assert portal.get("/saved-views/").status_code == 200


@pytest.mark.parametrize("address", [SIGN_IN, "/accounts/logout/", "/lookup/", *POSTS])
def test_a_post_without_the_pages_own_token_is_refused(agent, upstreams, address):
    strict = Client(enforce_csrf_checks=True)
    if address != SIGN_IN:
        strict.force_login(agent)

    response = strict.post(address, {"q": "1", "login": "dana", "password": "x"})

    assert response.status_code == 403
    assert "Traceback" not in response.content.decode()


def test_a_disabled_person_is_out_at_once(portal, agent):
    agent.is_active = False
    agent.save()

    assert portal.get("/").status_code == 302


def test_signing_in_and_out_as_a_person_does(client, agent, upstreams):
    refused = client.post("/accounts/login/", {"login": "dana", "password": "wrong"})
    accepted = client.post(f"/accounts/login/?next={HISTORY}", {"login": "dana", "password": PASSWORD})

    assert refused.status_code == 200
    assert "don't match" in Page(refused).text
    assert accepted.url == HISTORY
    assert client.get(HISTORY).status_code == 200
    assert client.post("/accounts/logout/").url == "/accounts/login/"
    assert client.get(HISTORY).status_code == 302


def test_the_sign_in_never_leads_to_another_site(client, agent):
    response = client.post(
        "/accounts/login/?next=https://elsewhere.example/",
        {"login": "dana", "password": PASSWORD},
    )

    assert response.url == "/"


# Pages of every kind; the fault makes an error page of the one it stands at.
PAGES = {
    "sign in": ("/accounts/login/", None),
    "home": ("/", None),
    "history": (HISTORY, None),
    "filtered": (f"{HISTORY}?status=1000&status=1002&start-date=2020-01-01&x=1", None),
    "bad filter": (f"{HISTORY}?start-date=x", None),
    "out of range": (f"{HISTORY}?offset=5000", None),
    "empty": (f"/adobe/customers/{customers.ADOBE_EMPTY}/orders/", None),
    "failure": (HISTORY, 500),
    "refused": (HISTORY, "echo-token"),
    "fabric": (f"/fabric/customers/{customers.FABRIC_MAIN}/orders/", None),
    "incomplete": (f"/fabric/customers/{customers.FABRIC_SHORT}/orders/", None),
    "odd": (f"/adobe/customers/{customers.ADOBE_ODD}/orders/?start-date=2000-01-01&limit=100", None),
    "markup": (f"/fabric/customers/{customers.FABRIC_MARKUP}/orders/", None),
    "no such page": ("/no/such/page", None),
    "alive": ("/health/live", None),
}


@pytest.fixture(params=PAGES)
def response(request, portal, client, upstreams):
    address, fault = PAGES[request.param]
    if fault is not None:
        upstreams.script("adobe", [fault] * 3)
    return (client if request.param == "sign in" else portal).get(address)


def test_every_answer_carries_the_headers_that_protect_it(response):
    policy = dict(
        part.strip().split(" ", 1) for part in response.headers["Content-Security-Policy"].split(";")
    )

    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == policy["object-src"] == "'none'"
    assert "unsafe" not in response.headers["Content-Security-Policy"]
    assert "no-store" in response.headers["Cache-Control"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_no_page_has_script_or_style_of_its_own(response):
    if not response.headers["Content-Type"].startswith("text/html"):
        return
    for element in parse(response.content.decode()):
        assert element.name != "style"
        assert "style" not in element.attributes
        assert not [name for name in element.attributes if name.startswith(("on", "hx-on"))]
        if element.name == "script":
            assert element["src"].startswith("/static/")
            assert element.raw_text == ""
        for name in ("href", "src", "action"):
            assert not (element.get(name) or "").strip().casefold().startswith(("javascript:", "data:"))


def test_no_page_loads_anything_from_elsewhere(response):
    if not response.headers["Content-Type"].startswith("text/html"):
        return
    for element in parse(response.content.decode()):
        if element.name in {"script", "link", "img", "iframe"}:
            address = element.get("src") or element.get("href") or ""
            assert address.startswith("/static/"), address


def test_every_page_is_well_formed_and_names_its_fields(response):
    if not response.headers["Content-Type"].startswith("text/html"):
        return
    root = parse(response.content.decode())

    ids = [element["id"] for element in root if element.get("id")]
    assert len(ids) == len(set(ids))
    assert root.one("html")["lang"]
    assert len(root.all("main")) == 1
    assert len(root.all("h1")) == 1
    labelled = {label["for"] for label in root.all("label") if label.get("for")}
    inside = {id(field) for label in root.all("label") for field in label.all("input")}
    for field in root.all("input"):
        if field.get("type") != "hidden":
            assert field.get("aria-label") or field.get("id") in labelled or id(field) in inside
    for element in root:
        for name in ("aria-describedby", "aria-labelledby"):
            assert set((element.get(name) or "").split()) <= set(ids)


def test_cookies_stay_with_the_browser_and_off_scripts(client, agent):
    client.post("/accounts/login/", {"login": "dana", "password": PASSWORD})

    for cookie in client.cookies.values():
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"


@pytest.mark.parametrize("address", ["/static/orders/tables.css", "/static/orders/portal.js"])
def test_static_files_need_no_sign_in(client, address):
    response = client.get(address)

    assert response.status_code == 200
    assert "no-store" not in response.headers["Cache-Control"]
    response.close()


def test_the_error_pages_are_the_portals_own(portal):
    page = Page(portal.get("/no/such/page"))

    assert page.root.one("h1").text == "There is no such page"
    assert re.search("1 to 64 letters", page.text)


def test_a_mistake_of_ours_is_a_page_without_details(portal, monkeypatch):
    from orders import services

    def broken(**_):
        raise RuntimeError("sandbox-adobe-token in an exception")

    monkeypatch.setattr(services, "list_orders", broken)
    portal.raise_request_exception = False

    response = portal.get(HISTORY)

    assert response.status_code == 500
    assert Page(response).root.one("h1").text == "Something went wrong here"
    assert "sandbox-adobe-token" not in response.content.decode()
    assert "no-store" in response.headers["Cache-Control"]
