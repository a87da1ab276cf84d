"""People for those who manage them: how each signs in and what is open, and the ends that can be put to it.

Every end has a reason, an entry in the ledger and a notice to the person concerned. Nobody ends anything of
somebody who is above them.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Count, Max, Q, QuerySet
from django.utils.translation import gettext

from orders.people import security_notices
from orders.people.api_tokens import live_tokens, revoke_token, tokens_by_owner
from orders.people.granting import may_change
from orders.people.models import ApiToken
from orders.people.security_notices import Change
from orders.people.sign_in import sessions


class Above(Exception):
    """The person can do more than whoever wants to change something of theirs."""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One person in the list."""

    person: User
    roles: str
    factors: tuple[str, ...]
    identities: int
    sessions: int
    tokens: int
    last_seen: datetime | None


def everybody(search: str = "") -> QuerySet[User]:
    """All people by name, those alone whose user name, name or address holds the text."""
    people = User.objects.order_by("username")
    for word in search.split():
        named = Q(first_name__icontains=word) | Q(last_name__icontains=word)
        people = people.filter(Q(username__icontains=word) | Q(email__icontains=word) | named)
    return people


def entries(people: Sequence[User]) -> list[Entry]:
    """What the list says of these people, in as many questions as it has columns."""
    keys = [person.pk for person in people]
    open_sessions = {
        each["user"]: (each["n"], each["seen"])
        for each in UserSession.objects.filter(user__in=keys)
        .values("user")
        .annotate(n=Count("pk"), seen=Max("last_seen_at"))
    }
    factors = _by_person(Authenticator.objects.filter(user__in=keys).values_list("user", "type"))
    identities = _by_person(SocialAccount.objects.filter(user__in=keys).values_list("user", "provider"))
    roles = _by_person(User.groups.through.objects.filter(user__in=keys).values_list("user", "group__name"))
    tokens = tokens_by_owner(keys)
    return [
        Entry(
            person=person,
            roles=", ".join(sorted(roles.get(person.pk, ()))),
            factors=tuple(sorted({words_of_factor(kind) for kind in factors.get(person.pk, ())})),
            identities=len(identities.get(person.pk, ())),
            sessions=open_sessions.get(person.pk, (0, None))[0],
            tokens=tokens.get(person.pk, 0),
            last_seen=open_sessions.get(person.pk, (0, None))[1] or person.last_login,
        )
        for person in people
    ]


def _by_person(pairs: Any) -> Mapping[int, list[str]]:
    found: dict[int, list[str]] = {}
    for person, value in pairs:
        found.setdefault(person, []).append(value)
    return found


def words_of_factor(kind: str) -> str:
    return {
        Authenticator.Type.TOTP: gettext("App"),
        Authenticator.Type.WEBAUTHN: gettext("Key"),
        Authenticator.Type.RECOVERY_CODES: gettext("Recovery codes"),
    }.get(Authenticator.Type(kind), kind)


def end_sessions(person: User, *, by: Any, reason: str) -> int:
    """End all sessions of the person, and say how many there were."""
    _admit(by, person)
    with transaction.atomic():
        count: int = UserSession.objects.filter(user=person).count()
        security_notices.note(person, Change.SESSIONS_ENDED, reason=reason)
        sessions.end_all(person)
    return count


def revoke_tokens(person: User, *, by: Any, reason: str, pk: int | None = None) -> list[ApiToken]:
    """Revoke one token of the person, or all that work."""
    _admit(by, person)
    with transaction.atomic():
        chosen = [token.pk for token in live_tokens(person) if pk in (None, token.pk)]
        revoked = [revoke_token(owner=person, pk=each, reason=reason) for each in chosen]
    return [token for token in revoked if token is not None]


def reset_second_factor(person: User, *, by: Any, reason: str) -> int:
    """Take all factors away and end all sessions: with powers, a new factor has to be set up at the next
    sign-in. `by` is None for whoever runs the machine.
    """
    if by is not None:
        _admit(by, person)
    with transaction.atomic():
        factors = list(Authenticator.objects.filter(user=person))
        for factor in factors:
            factor.removed_because = reason
            factor.delete()
        security_notices.note(person, Change.SESSIONS_ENDED, reason=reason)
        sessions.end_all(person)
    return len(factors)


def _admit(by: Any, person: User) -> None:
    if not may_change(by, person):
        raise Above
