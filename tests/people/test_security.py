"""Nobody becomes somebody else unseen: what changes of a sign-in is written down, and told to its owner."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.core.mail.backends import smtp
from django.test import Client

from orders.infrastructure import secret_files
from orders.ledger import LedgerEntry, LedgerUnavailable
from orders.people import api_tokens
from orders.people.models import SecurityNotice
from tests.pages import Page
from tests.personas import PASSWORD, person

pytestmark = pytest.mark.django_db

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
NEW_PASSWORD = "quite-another-secret-1"


def saved(who: User, **fields: Any) -> None:
    for name, value in fields.items():
        setattr(who, name, value)
    who.save()


def set_password(who: User) -> None:
    who.set_password(NEW_PASSWORD)
    who.save()


def no_password(who: User) -> None:
    who.set_unusable_password()
    who.save()


def token_revoked(who: User) -> None:
    token, _ = api_tokens.make_token(owner=who, name="nightly")
    api_tokens.revoke_token(owner=who, pk=token.pk)


CHANGES: dict[str, tuple[Callable[[User], Any], str]] = {
    "password set": (set_password, "password"),
    "password taken away": (no_password, "password"),
    "password set in one field": (lambda who: saved(who, password=make_password(NEW_PASSWORD)), "password"),
    "e-mail": (lambda who: saved(who, email="new@example.org"), "e-mail"),
    "user name": (lambda who: saved(who, username="pat2"), "user-name"),
    "switched off": (lambda who: saved(who, is_active=False), "switched-off"),
    "factor added": (lambda who: TOTP.activate(who, SECRET), "factor-added"),
    "codes made": (RecoveryCodes.activate, "recovery-codes-made"),
    "factor removed": (
        lambda who: (TOTP.activate(who, SECRET), Authenticator.objects.all().delete()), "factor-removed",
    ),
    "codes removed": (
        lambda who: (RecoveryCodes.activate(who), Authenticator.objects.get().delete()),
        "recovery-codes-removed",
    ),
    "token made": (lambda who: api_tokens.make_token(owner=who, name="nightly"), "token-made"),
    "token revoked": (token_revoked, "token-revoked"),
    "identity joined": (
        lambda who: SocialAccount.objects.create(user=who, provider="sso", uid="1"), "identity-joined",
    ),
    "identity left": (
        lambda who: SocialAccount.objects.create(user=who, provider="sso", uid="1").delete(), "identity-left",
    ),
}  # fmt: skip


@pytest.fixture
def pat() -> User:
    made: User = person("pat", "customer-service agent", email="pat@example.org")
    return made


@pytest.mark.parametrize("change", CHANGES)
def test_every_change_is_an_entry_and_a_notice(change: str, pat: User) -> None:
    do, word = CHANGES[change]

    do(pat)

    entry = LedgerEntry.objects.filter(action="access-change").order_by("-id")[0]
    assert f'"change": "{word}"' in entry.details
    assert '"person": "pat"' in entry.details
    assert entry.username == "command line"
    notice = SecurityNotice.objects.filter(person=pat)[0]
    assert (notice.change, notice.by, notice.seen_at) == (word, "command line", None)
    everything = " ".join(map(str, LedgerEntry.objects.values_list())) + str(notice.subject)
    assert [
        secret for secret in (NEW_PASSWORD, SECRET, "example.org", pat.password) if secret in everything
    ] == []


def test_switching_on_is_one_too(pat: User) -> None:
    saved(pat, is_active=False)
    saved(pat, is_active=True)

    assert [each.change for each in SecurityNotice.objects.filter(person=pat)] == [
        "switched-on",
        "switched-off",
    ]


def test_an_entry_names_who_did_it(admin_client: Client, pat: User) -> None:
    new = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD, "usable_password": "true"}
    admin_client.post(f"/admin/auth/user/{pat.pk}/password/", new)

    entry = LedgerEntry.objects.filter(action="access-change").get()
    assert (entry.username, entry.details) == ("admin", '{"change": "password", "person": "pat"}')


def test_a_newer_form_of_the_same_password_is_no_change(pat: User, settings: Any) -> None:
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.PBKDF2SHA1PasswordHasher",
        *settings.PASSWORD_HASHERS,
    ]
    before = LedgerEntry.objects.filter(action="access-change").count()
    stored = pat.password
    client = Client()

    assert client.post("/accounts/login/", {"login": "pat", "password": PASSWORD}).status_code == 302

    pat.refresh_from_db()
    assert pat.password != stored
    assert LedgerEntry.objects.filter(action="access-change").count() == before
    assert client.get("/").status_code == 200


def test_where_it_cannot_be_written_down_it_does_not_happen(
    pat: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise LedgerUnavailable

    monkeypatch.setattr("orders.people.security_notices.record", fail)
    for do, _ in CHANGES.values():
        with pytest.raises(LedgerUnavailable):
            do(User.objects.get(pk=pat.pk))

    stored = User.objects.get(pk=pat.pk)
    assert (stored.password, stored.email, stored.username, stored.is_active) == (
        pat.password, "pat@example.org", "pat", True,
    )  # fmt: skip
    assert not Authenticator.objects.exists()
    assert not SocialAccount.objects.exists()
    assert api_tokens.live_tokens(pat).count() == 0


def test_a_person_is_deleted_with_all_that_is_theirs(pat: User) -> None:
    for name in ("token made", "factor added", "identity joined"):
        CHANGES[name][0](pat)

    pat.delete()

    assert not SecurityNotice.objects.exists()
    assert LedgerEntry.objects.order_by("-id")[0].details == '{"change": "deleted", "person": "pat"}'


def browser_of(name: str, password: str = PASSWORD) -> Client:
    client = Client()
    assert client.post("/accounts/login/", {"login": name, "password": password}).status_code == 302
    return client


def test_the_person_is_told_at_the_next_sign_in_and_in_no_session_before(pat: User) -> None:
    before = browser_of("pat")
    saved(pat, email="thief@example.net")
    after = browser_of("pat")

    assert "security" not in Page(before.get("/")).notices
    told = Page(after.get("/")).notices["security"]
    assert re.search(
        r"Your e-mail address was changed, by command line, on \d+ \w+ \d{4} at \d\d:\d\d UTC\.", told
    )
    assert "thief" not in told


def test_it_stays_until_it_was_seen_and_an_older_session_cannot_say_so(pat: User) -> None:
    before = browser_of("pat")
    saved(pat, email="new@example.org")
    before.post("/profile/security/seen/")

    second = browser_of("pat")
    assert "security" in Page(second.get("/")).notices
    assert "security" in Page(second.get("/profile/")).notices
    answer = second.post("/profile/security/seen/", {"next": "/profile/"})

    assert answer.headers["Location"] == "/profile/"
    assert "security" not in Page(second.get("/profile/")).notices
    assert "security" not in Page(browser_of("pat").get("/")).notices


def test_mail_goes_to_the_old_address_where_mail_is_set_up(
    pat: User, settings: Any, mailoutbox: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    settings.EMAIL_HOST = "mail.example.org"
    with django_capture_on_commit_callbacks(execute=True):
        saved(pat, email="thief@example.net")

    assert [(each.to, each.subject) for each in mailoutbox] == [
        (["pat@example.org"], "Orders Portal: Your e-mail address was changed")
    ]
    assert "If not, tell your administrator at once" in mailoutbox[0].body
    assert "thief" not in mailoutbox[0].body


def test_a_new_password_of_the_mail_server_needs_no_restart(
    pat: User, settings: Any, tmp_path: Path, monkeypatch: Any, django_capture_on_commit_callbacks: Any
) -> None:
    monkeypatch.setattr(secret_files, "next_look", 0.0)
    file = tmp_path / "password"
    file.write_text("the-new-password\n")
    settings.EMAIL_HOST, settings.EMAIL_HOST_PASSWORD = "mail.example.org", "the-old-password"
    settings.SECRET_FILES = {"EMAIL_HOST_PASSWORD": (str(file), "", "EMAIL_HOST_PASSWORD")}

    with django_capture_on_commit_callbacks(execute=True):
        saved(pat, email="new@example.org")

    assert smtp.EmailBackend().password == "the-new-password"


def test_without_a_mail_server_nothing_is_sent(
    pat: User, mailoutbox: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        set_password(pat)

    assert mailoutbox == []


def test_a_mail_server_that_is_away_undoes_nothing(
    pat: User, settings: Any, caplog: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"

    with django_capture_on_commit_callbacks(execute=True):
        set_password(pat)

    assert User.objects.get(pk=pat.pk).check_password(NEW_PASSWORD)
    assert "could not be mailed: ConnectionRefusedError" in caplog.text
    assert "pat@example.org" not in caplog.text


@pytest.mark.parametrize(
    "model", ["mfa/authenticator", "socialaccount/socialaccount", "usersessions/usersession"]
)
def test_the_administration_edits_no_factor_and_no_identity(model: str, admin_client: Client) -> None:
    assert admin_client.get(f"/admin/{model}/").status_code == 404
    assert admin_client.get(f"/admin/{model}/add/").status_code == 404
