"""Token by event: what becomes of a token when something happens to its owner, or to it."""

from collections.abc import Callable
from datetime import timedelta
from enum import Enum
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from orders.ledger import LedgerEntry
from orders.people.api_tokens import make_token, revoke_token
from orders.people.directory import end_sessions
from orders.people.models import ApiToken, SecurityNotice
from orders.sandbox import SandboxServer
from tests.people.test_tokens import (
    ask,
    change_password,
    has_app,
    ours,
    permission,
    save,
    supervisors,
    take_password,
)
from tests.personas import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def pat(upstreams: SandboxServer) -> User:
    made: User = person("pat", "supervisor")
    return made


class Fate(Enum):
    """What a token answers meanwhile, and after what happened was undone; how many rows say that it ended."""

    STAYS = 200, 200, 0
    ENDS = 401, 401, 1
    IS_OVER = 401, 401, 0  # it was said when it was made
    SLEEPS = 401, 200, 0


STAYS, ENDS, IS_OVER, SLEEPS = Fate
# What happens, what would undo it, and what becomes of the token.
EVENTS: dict[str, tuple[Callable[[User], Any], Callable[[User], Any], Fate]] = {
    "password": (change_password, lambda who: None, ENDS),
    "password taken away": (take_password, lambda who: None, ENDS),
    "switched off": (lambda who: save(who, is_active=False), lambda who: save(who, is_active=True), ENDS),
    "role taken": (lambda who: who.groups.clear(), lambda who: who.groups.add(supervisors()), ENDS),
    "taken from the role": (
        lambda who: supervisors().user_set.remove(who), lambda who: who.groups.add(supervisors()), ENDS,
    ),
    "role loses the right": (
        lambda who: supervisors().permissions.remove(permission("view_orders")),
        lambda who: supervisors().permissions.add(permission("view_orders")),
        ENDS,
    ),
    "role emptied": (
        lambda who: supervisors().permissions.clear(),
        lambda who: supervisors().permissions.set(ours()),
        ENDS,
    ),
    "role deleted": (
        lambda who: supervisors().delete(),
        lambda who: who.user_permissions.set(ours()),
        ENDS,
    ),
    "another right lost": (
        lambda who: supervisors().permissions.remove(permission("read_ledger")), lambda who: None, STAYS,
    ),
    "e-mail": (lambda who: save(who, email="new@example.org"), lambda who: None, STAYS),
    "signed in": (
        lambda who: Client().force_login(who),
        lambda who: None,
        STAYS,
    ),
    "factor removed": (lambda who: Authenticator.objects.all().delete(), has_app, SLEEPS),
    "sessions ended": (
        lambda who: end_sessions(who, by=person("root", is_superuser=True), reason="T-1"),
        lambda who: None,
        STAYS,
    ),
    "revoked": (
        lambda who: revoke_token(owner=who, pk=ApiToken.objects.get().pk),
        lambda who: ApiToken.objects.update(expires_at=None),
        ENDS,
    ),
    "expired": (
        lambda who: ApiToken.objects.update(expires_at=timezone.now()), lambda who: None, IS_OVER,
    ),
    "as old as any may be": (
        lambda who: ApiToken.objects.update(made_at=timezone.now() - timedelta(days=90)),
        lambda who: None,
        IS_OVER,
    ),
    "deleted": (lambda who: who.delete(), lambda who: None, IS_OVER),
}  # fmt: skip


@pytest.mark.parametrize("event", EVENTS)
def test_a_token_and_what_happens_to_its_owner(event: str, pat: User, settings: Any) -> None:
    settings.MFA_REQUIRED = True
    has_app(pat)
    do, undo, fate = EVENTS[event]
    meanwhile, afterwards, rows = fate.value
    _, text = make_token(owner=pat, name="nightly")
    assert ask(text) == 200

    do(User.objects.get(pk=pat.pk))
    assert ask(text) == meanwhile
    undo(User.objects.filter(pk=pat.pk).first() or pat)

    assert ask(text) == afterwards
    told = LedgerEntry.objects.filter(details__contains="token-revoked")
    assert told.count() == SecurityNotice.objects.filter(change="token-revoked").count() == rows
    assert all(entry.reason for entry in told) or event == "revoked"
