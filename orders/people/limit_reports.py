"""Limits that somebody comes near, or over: rows in the ledger, and notices to those who read it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Protocol

from django.contrib.auth.models import User
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext

from orders.domain.granted_rights import Right
from orders.ledger import Action, LedgerEntry, record
from orders.people import security_notices
from orders.people.permissions import Person, rights_of
from orders.people.personal_settings import language_of
from orders.people.security_notices import Change


class Limited(Protocol):
    """What is said of a kind: over which window, and what it is called."""

    @property
    def window(self) -> timedelta: ...

    @property
    def words(self) -> Any: ...


def refused(person: Person, kind: str, limited: Limited, used: int, limit: int) -> None:
    details = {"tried": kind, "used": used, "limit": limit}
    record(Action.REFUSED, actor=person, outcome="refused-limit", details=details)
    report(person, kind, limited, used, limit, is_over=True)


def report(
    person: Person, kind: str, limited: Limited, used: int, limit: int, *, is_over: bool = False
) -> None:
    """A row, and a notice to those who read the ledger: once in a window for near and over each."""
    outcome = "over" if is_over else "near"
    rows = LedgerEntry.objects.filter(
        actor=person.pk,
        action=Action.LIMIT,
        outcome=outcome,
        at__gt=timezone.now() - limited.window,
        details__contains=f'"kind": "{kind}"',
    )
    if rows.exists():
        return
    details = {"kind": kind, "used": used, "limit": limit}
    record(Action.LIMIT, actor=person, outcome=outcome, details=details)

    def words() -> str:
        said = gettext("%(used)s of %(limit)s %(what)s")
        return said % {"used": used, "limit": limit, "what": limited.words}

    tell(readers(), person, words)


def tell(whom: list[User], person: Person, words: Callable[[], str]) -> None:
    """Tell all of them something about a person, each in their language, but not the person."""
    name = person.get_username()
    for each in whom:
        if each.pk != person.pk:
            with translation.override(language_of(each)):
                subject = f"{name}: {words()}"
            security_notices.tell(each, Change.LIMIT, subject=subject, by=name)


def readers() -> list[User]:
    """Who reads all of the ledger."""
    may = Q(user_permissions__codename=Right.READ_LEDGER) | Q(groups__permissions__codename=Right.READ_LEDGER)
    found = User.objects.filter(Q(is_superuser=True) | may, is_active=True).distinct()
    rights = [(each, rights_of(each)) for each in found]
    return [each for each, held in rights if held.may_read_ledger and held.sees_all]
