"""Keys change without anybody losing their second factor; whoever lost theirs is helped, with a row."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client

from orders.ledger import LedgerEntry
from orders.people.models import SecurityNotice
from orders.people.sign_in.adapters import SecondFactorAdapter
from tests.personas import PASSWORD, person

pytestmark = pytest.mark.django_db

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
FIRST, SECOND = "first-" + "0123456789abcdef" * 4, "second-" + "0123456789abcdef" * 4


@pytest.fixture(autouse=True)
def _first_key(settings: Any) -> None:
    settings.SECRET_KEY, settings.LEDGER_KEY = FIRST, "the ledger's own key"


@pytest.fixture
def pat(settings: Any) -> User:
    made: User = person("pat", "supervisor")
    TOTP.activate(made, SECRET)
    RecoveryCodes.activate(made)
    return made


def codes_of(who: User) -> tuple[str, list[str]]:
    """What the app's codes are made from, and the recovery codes."""
    totp = Authenticator.objects.get(user=who, type=Authenticator.Type.TOTP)
    codes = Authenticator.objects.get(user=who, type=Authenticator.Type.RECOVERY_CODES).wrap()
    return SecondFactorAdapter().decrypt(totp.data["secret"]), codes.get_unused_codes()


def test_second_factors_survive_a_change_of_keys(pat: User, settings: Any, capsys: Any) -> None:
    before = codes_of(pat)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = SECOND, [FIRST]
    assert codes_of(pat) == before

    call_command("rotate_keys")

    assert capsys.readouterr().out == "Sealed anew: 2 second factors.\n"
    settings.SECRET_KEY_FALLBACKS = []
    assert codes_of(pat) == before == (SECRET, before[1])
    entry = LedgerEntry.objects.get(action="key-rotation")
    assert (entry.username, entry.outcome, entry.details) == (
        "command line", "ok", '{"lost": 0, "resealed": 2, "webhooks": 0, "webhooks lost": 0}',
    )  # fmt: skip


def test_a_factor_whose_key_is_gone_is_named_and_left_as_it_is(pat: User, settings: Any) -> None:
    stored = list(Authenticator.objects.order_by("pk").values_list("data", flat=True))
    settings.SECRET_KEY = SECOND
    root = person("root", is_superuser=True)
    TOTP.activate(root, SECRET)

    with pytest.raises(CommandError, match="No key opens the second factors of pat: see reset_second_factor"):
        call_command("rotate_keys")

    assert (
        list(Authenticator.objects.filter(user=pat).order_by("pk").values_list("data", flat=True)) == stored
    )
    assert LedgerEntry.objects.get(action="key-rotation").outcome == "partial"
    settings.SECRET_KEY_FALLBACKS = [FIRST]
    call_command("rotate_keys")


def test_a_lost_factor_is_reset_with_a_row_and_a_notice(pat: User, settings: Any, capsys: Any) -> None:
    settings.MFA_REQUIRED = True
    browser = Client()
    browser.force_login(pat)

    call_command("reset_second_factor", "pat", "--reason", "phone lost, seen in person")

    assert capsys.readouterr().out == "Taken away: 2. All sessions of pat are ended.\n"
    assert not Authenticator.objects.exists()
    rows = LedgerEntry.objects.filter(action="access-change", reason="phone lost, seen in person")
    assert {entry.username for entry in rows} == {"command line"}
    assert '"change": "factor-removed"' in " ".join(rows.values_list("details", flat=True))
    assert SecurityNotice.objects.filter(person=pat, change="factor-removed").exists()
    again = Client()
    again.post("/accounts/login/", {"login": "pat", "password": PASSWORD})
    assert again.get("/").headers["Location"] == "/accounts/2fa/"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nobody", "--reason", "x"], "There is nobody with this user name."),
        (["pat"], "--reason"),
        (["pat", "--reason", " "], "Give a reason."),
    ],
)
def test_without_a_person_or_a_reason_nothing_is_reset(arguments: list[str], words: str, pat: User) -> None:
    with pytest.raises(CommandError, match=words):
        call_command("reset_second_factor", *arguments)

    assert Authenticator.objects.count() == 2
