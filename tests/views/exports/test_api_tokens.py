"""Tokens for scripts: what they may do, what they may not, and that nobody else ever sees them."""

import logging
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core import serializers
from django.test import Client
from django.urls import get_resolver

from orders.domain.redaction import Redactor
from orders.people.api_tokens import make_token
from orders.people.models import ApiToken
from orders.sandbox import customers
from tests.pages import Page

pytestmark = pytest.mark.django_db

HISTORY = f"/adobe/customers/{customers.ADOBE_SMALL}/orders/"


@pytest.fixture
def script(upstreams: Any) -> Client:
    """Neither signed in nor a browser, and held to the CSRF check."""
    return Client(enforce_csrf_checks=True)


def bearer(text: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {text}"}


def make_by_page(portal: Client, **given: str) -> Page:
    return Page(portal.post("/profile/tokens/", {"name": "nightly", "lifetime": "90", **given}))


def test_a_token_reads_what_its_owner_may_read_and_makes_no_session(script, agent):
    _, text = make_token(owner=agent, name="nightly")

    response = script.get(HISTORY, headers=bearer(text))

    assert response.status_code == 200
    assert len(Page(response).order_ids) == 7
    assert dict(response.cookies) == {}


def test_the_word_bearer_may_be_written_in_any_case(script, agent):
    _, text = make_token(owner=agent, name="nightly")

    assert script.get(HISTORY, headers={"Authorization": f"bearer  {text}"}).status_code == 200


def test_a_token_is_shown_once_and_kept_as_a_hash(portal):
    shown = make_by_page(portal).root.one(data_new_token=True).text

    assert (shown[:4], len(shown)) == ("opt_", 47)
    assert shown not in serializers.serialize("json", ApiToken.objects.all())
    later = Page(portal.get("/profile/"))
    assert shown not in later.html
    assert [row["data-token"] for row in later.root.all("tr", data_token=True)] == [shown[:10]]
    assert Client().get(HISTORY, headers=bearer(shown)).status_code == 200


def test_two_tokens_have_nothing_in_common(agent):
    texts = {make_token(owner=agent, name=f"token {number}")[1] for number in range(20)}

    assert len(texts) == 20
    assert ApiToken.objects.values("digest").distinct().count() == 20


def revoked(token: ApiToken) -> None:
    token.revoked_at = datetime.now(UTC)


def expired(token: ApiToken) -> None:
    token.expires_at = datetime.now(UTC)


def inactive(token: ApiToken) -> None:
    token.owner.is_active = False
    token.owner.save()


@pytest.mark.parametrize(
    ("end", "words"),
    [
        (revoked, "The token was revoked."),
        (expired, "The token has expired."),
        (inactive, "The token's owner may no longer sign in."),
        (ApiToken.delete, "This is no token of the portal."),
    ],
)
def test_a_token_that_is_over_gets_401_and_asks_nothing_upstream(script, agent, upstreams, end, words):
    token, text = make_token(owner=agent, name="nightly")
    end(token)
    if token.pk:
        token.save()

    response = script.get(HISTORY, headers=bearer(text))

    assert (response.status_code, response.content.decode()) == (401, f"{words}\n")
    assert response.headers["WWW-Authenticate"] == (
        f'Bearer realm="Orders Portal", error="invalid_token", error_description="{words}"'
    )
    assert response.headers["Cache-Control"] == "no-store"
    assert upstreams.requests == []


@pytest.mark.parametrize("text", ["", "opt_", "nonsense", "opt_" + "A" * 43, "\u00fc", "x" * 5000])
def test_what_is_no_token_gets_401(script, text):
    assert script.get(HISTORY, headers=bearer(text)).status_code == 401


def test_a_bad_token_is_refused_whoever_is_signed_in(portal):
    assert portal.get(HISTORY, headers=bearer("opt_wrong")).status_code == 401


def test_with_a_token_the_session_does_not_count(portal, django_user_model):
    other = django_user_model.objects.create_user("milo")
    _, text = make_token(owner=other, name="nightly")

    page = Page(portal.get(HISTORY, headers=bearer(text)))

    assert "milo" in page.root.one("header").text
    assert "dana" not in page.html


def test_another_scheme_is_left_to_whoever_stands_in_front(portal):
    assert portal.get(HISTORY, headers={"Authorization": "Basic ZGFuYTpkYW5h"}).status_code == 200


NUMBERED = (
    "-view",
    "-column-set",
    "-token",
    "-import",
    "person",
    "-sessions",
    "-tokens",
    "-factor",
    "-wish",
    "notice",
)


def addresses_by_name() -> dict[str, str]:
    """One address of every name that the portal's own resolver knows."""
    examples = {
        "source": "adobe",
        "customer_id": customers.ADOBE_SMALL,
        "order_id": "0007000001",
        "pk": "5b7a3a9e-58c5-4a2b-a8cb-1a2b3c4d5e6f",
        "number": "1",
        "rows": "orders",
    }
    found = {}
    for name in filter(lambda key: isinstance(key, str), get_resolver("orders.urls").reverse_dict):
        shape, names = get_resolver("orders.urls").reverse_dict.getlist(name)[0][0][0]
        numbered = {**examples, "pk": "1"} if name.endswith(NUMBERED) else examples
        found[name] = "/" + shape % {each: numbered[each] for each in names}
    return found


def status_of(response: Any) -> int:
    response.close()
    status: int = response.status_code
    return status


def test_a_token_may_do_nothing_else(script, agent):
    _, text = make_token(owner=agent, name="nightly")
    statuses = {
        (name, method): status_of(getattr(script, method.lower())(address, headers=bearer(text)))
        for name, address in addresses_by_name().items()
        if name != "metrics"  # they have a token of their own, and take no other
        for method in ("GET", "POST", "PUT", "DELETE")
    }

    allowed = {key for key, status in statuses.items() if status != 403}

    assert allowed == {
        ("api-attention", "GET"),
        ("api-customer", "GET"),
        ("api-document", "GET"),
        ("api-export", "GET"),
        ("api-export-file", "GET"),
        ("api-exports", "GET"),
        ("api-exports", "POST"),
        ("api-history", "GET"),
        ("api-order", "GET"),
        ("api-portfolio", "GET"),
        ("api-subscriptions", "GET"),
        ("history", "GET"),
        ("details", "GET"),
        ("export", "GET"),
        ("export", "POST"),
        ("export-file", "GET"),
    }
    assert {name for name, _ in statuses} > {"home", "profile", "make-token", "revoke-token", "saved-views"}


def test_a_token_opens_neither_the_administration_nor_the_sign_out(script, django_user_model):
    boss = django_user_model.objects.create_superuser("ines")
    _, text = make_token(owner=boss, name="nightly")

    statuses = [
        script.get(address, headers=bearer(text)).status_code for address in ("/admin/", "/accounts/login/")
    ]

    assert statuses == [403, 403]


def test_its_last_use_is_noted_at_most_once_a_minute(script, agent, django_assert_num_queries):
    token, text = make_token(owner=agent, name="nightly")

    def use_at(moment: datetime) -> datetime | None:
        with time_machine.travel(moment, tick=False):
            script.get("/profile/", headers=bearer(text))
        token.refresh_from_db()
        return token.last_used_at

    start = datetime(2026, 3, 1, 12, tzinfo=UTC)
    assert use_at(start) == start
    assert use_at(start + timedelta(seconds=59)) == start
    assert use_at(start + timedelta(seconds=61)) == start + timedelta(seconds=61)


def test_the_profile_says_when_a_token_was_used(portal, agent):
    _, text = make_token(owner=agent, name="nightly")
    assert "never" in Page(portal.get("/profile/")).root.one("tr", data_token=True).text

    with time_machine.travel(datetime(2026, 3, 1, 12, 30, tzinfo=UTC), tick=False):
        Client().get("/profile/", headers=bearer(text))

    assert "2026-03-01 12:30" in Page(portal.get("/profile/")).root.one("tr", data_token=True).text


def test_a_revoked_token_leaves_the_profile_and_is_refused(portal, agent):
    token, text = make_token(owner=agent, name="nightly")

    page = Page(portal.post(f"/profile/tokens/{token.pk}/revoke/", follow=True))

    assert "The token “nightly” was revoked." in page.text
    assert page.root.all("tr", data_token=True) == []
    assert Client().get(HISTORY, headers=bearer(text)).status_code == 401
    assert portal.post(f"/profile/tokens/{token.pk}/revoke/").status_code == 404


def test_nobody_revokes_another_persons_token(portal, django_user_model):
    other = django_user_model.objects.create_user("milo")
    token, _ = make_token(owner=other, name="nightly")

    assert portal.post(f"/profile/tokens/{token.pk}/revoke/").status_code == 404
    token.refresh_from_db()
    assert token.revoked_at is None
    assert Page(portal.get("/profile/")).root.all("tr", data_token=True) == []


@pytest.mark.parametrize(("days", "lasts"), [("7", 7), ("30", 30), ("90", 90), ("", 90)])
def test_a_token_lasts_as_long_as_was_chosen(portal, days, lasts):
    now = datetime(2026, 3, 1, 12, tzinfo=UTC)
    with time_machine.travel(now, tick=False):
        make_by_page(portal, lifetime=days)

    assert ApiToken.objects.get().expires_at == now + timedelta(days=lasts)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"name": ""}, "This field is required."),
        ({"name": " "}, "This field is required."),
        ({"name": "x" * 81}, "Ensure this value has at most 80 characters (it has 81)."),
        (
            {"name": "NIGHTLY"},
            "You have two tokens of this name; revoke the older one first, or choose another name.",
        ),
    ],
)
def test_a_token_needs_a_name_of_its_own(portal, agent, given, words):
    for _ in range(2):
        make_token(owner=agent, name="nightly")

    page = make_by_page(portal, **given)

    assert (page.status, page.root.one(id="token-name-error").text) == (400, words)
    assert ApiToken.objects.count() == 2


@pytest.mark.parametrize("days", ["100000", "365", "0", "-1", "x"])
def test_a_lifetime_that_is_not_offered_is_refused(portal, days):
    assert make_by_page(portal, lifetime=days).status == 400
    assert not ApiToken.objects.exists()


def test_there_is_an_end_to_tokens(portal, agent):
    for number in range(20):
        make_token(owner=agent, name=f"token {number}")

    page = make_by_page(portal)

    assert page.status == 400
    assert "You have 20 tokens; revoke one first." in page.text


def test_a_token_stands_in_no_log(script, agent, caplog):
    caplog.set_level(logging.DEBUG)
    token, text = make_token(owner=agent, name="nightly")

    script.get(HISTORY, headers=bearer(text))
    script.get("/profile/", headers=bearer(text))
    revoked(token)
    token.save()
    script.get(HISTORY, headers=bearer(text))

    assert "A token was refused" in caplog.text
    assert "opt_" + text[10:] not in caplog.text
    assert text[10:] not in caplog.text


def test_behind_the_check_no_view_and_no_error_report_has_the_token(script, agent, monkeypatch):
    _, text = make_token(owner=agent, name="nightly")
    seen: list[str] = []

    def failing(self: Any, request: Any, **_: Any) -> None:
        seen.append(repr(request.META) + repr(request.headers))
        raise LookupError("a mistake of ours")

    monkeypatch.setattr("orders.views.history.history.HistoryView.get", failing)
    script.raise_request_exception = False

    assert script.get(HISTORY, headers=bearer(text)).status_code == 500
    assert seen
    assert text not in seen[0]


def test_the_redactor_knows_a_token_by_its_looks(agent):
    _, text = make_token(owner=agent, name="nightly")

    assert Redactor().clean(f"GET /?t={text}&x=1") == "GET /?t=[redacted]&x=1"
    assert Redactor().clean("opt_out of opt_in-mails") == "opt_out of opt_in-mails"
