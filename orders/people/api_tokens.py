"""A person's own tokens for scripts: made, shown once, found again by their hash, ended.

A token is 256 bits of randomness, so a plain SHA-256 of it is as good as any slow hash: there is nothing
to guess. It is looked up by that hash, never by its text; how long the look-up takes tells a caller
about hashes, which lead back to no token.

A token is as strong as its owner is now. It has scopes and a longest life, and it ends for good with the
password, the person or the right that it was made with: see `token_endings`.
"""

import hashlib
import secrets
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from orders.domain.granted_rights import Right, Rights
from orders.people import security_notices
from orders.people.models import ApiToken
from orders.people.security_notices import Change

MARK = "opt_"
SHOWN_LETTERS = len(MARK) + 6
MOST_TOKENS = 20
# The old one and the new one, while a script is changed from one to the other.
MOST_OF_A_NAME = 2
# A script that polls shouldn't write to the database at every step.
WRITE_USE_AGAIN_AFTER = timedelta(minutes=1)


class Scope(StrEnum):
    """What a token is for; `read` is everything that has no scope of its own."""

    READ = "read"
    LOOKUP = "lookup"
    EXPORT = "export"


NEEDS = {Scope.READ: Right.VIEW, Scope.LOOKUP: Right.VIEW, Scope.EXPORT: Right.EXPORT}
# What a script can do that was told to choose nothing: histories, orders and their files.
USUAL_SCOPES = (Scope.READ, Scope.EXPORT)


class TokenRefused(Exception):
    """Why a token is not accepted, in words for whoever holds it."""


def longest_life() -> timedelta:
    return timedelta(days=settings.TOKEN_MAX_DAYS)


def scopes_within(rights: Rights, scopes: Iterable[Scope] = Scope) -> list[Scope]:
    """Those of the scopes that somebody with these rights can use."""
    return [scope for scope in scopes if NEEDS[scope] in rights]


def make_token(
    *,
    owner: User,
    name: str,
    expires_at: datetime | None = None,
    scopes: Collection[Scope] = USUAL_SCOPES,
) -> tuple[ApiToken, str]:
    """A new token, and its text: this is the only time that anybody sees it. It lasts as long as any may
    where no end is given, and no longer where one is.
    """
    text = MARK + secrets.token_urlsafe(32)
    security_notices.note(owner, Change.TOKEN_MADE, subject=_subject(name, text))
    token = ApiToken.objects.create(
        owner=owner,
        name=name,
        prefix=text[:SHOWN_LETTERS],
        digest=digest(text),
        scopes=" ".join(scope for scope in Scope if scope in scopes),
        expires_at=min(filter(None, (expires_at, timezone.now() + longest_life()))),
    )
    return token, text


def _subject(name: str, text: str) -> str:
    """Which token, for people: its name and its first letters."""
    return f"{name}, {text[:SHOWN_LETTERS]}…"


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def redeem_token(text: str, *, address: str = "") -> ApiToken:
    """The token with its owner, and its use noted; `TokenRefused` where it is good for nothing."""
    token = ApiToken.objects.select_related("owner").filter(digest=digest(text)).first()
    now = timezone.now()
    if token is None:
        raise TokenRefused(gettext("This is no token of the portal."))
    if not token.owner.is_active:
        if token.revoked_at is None:  # switched off past every signal: it must not come back with them
            end_token(token, reason="its owner was switched off")
        raise TokenRefused(gettext("The token's owner may no longer sign in."))
    if token.revoked_at is not None:
        raise TokenRefused(gettext("The token was revoked."))
    if ends_at(token) <= now:
        raise TokenRefused(gettext("The token has expired."))
    _note_use(token, now, address)
    return token


def _note_use(token: ApiToken, now: datetime, address: str) -> None:
    last = token.last_used_at
    if last is None or now - last > WRITE_USE_AGAIN_AFTER or token.last_used_from != address:
        token.last_used_at, token.last_used_from = now, address
        token.save(update_fields=["last_used_at", "last_used_from"])


def ends_at(token: ApiToken) -> datetime:
    """When it ends by itself: as was chosen, or where the setting has become shorter, by that."""
    return min(filter(None, (token.expires_at, token.made_at + longest_life())))


def live_tokens(owner: User) -> QuerySet[ApiToken]:
    """The person's tokens that work, the newest first."""
    return all_live_tokens().filter(owner=owner).order_by("-made_at", "-pk")


def tokens_by_owner(owners: Iterable[int]) -> dict[int, int]:
    """How many tokens that work each of these people has."""
    counted = all_live_tokens().filter(owner__in=owners).values("owner").annotate(n=Count("pk")).order_by()
    return {each["owner"]: each["n"] for each in counted}


def all_live_tokens() -> QuerySet[ApiToken]:
    now = timezone.now()
    return ApiToken.objects.filter(
        Q(expires_at=None) | Q(expires_at__gt=now), made_at__gt=now - longest_life(), revoked_at=None
    )


def revoke_token(*, owner: User, pk: int, reason: str = "") -> ApiToken | None:
    """End one of the person's own tokens; None where they have no such token that still works."""
    token = live_tokens(owner).filter(pk=pk).first()
    if token is not None:
        end_token(token, reason=reason)
    return token


def end_token(token: ApiToken, *, reason: str) -> None:
    """End it for good."""
    security_notices.note(
        token.owner, Change.TOKEN_REVOKED, subject=_subject(token.name, token.prefix), reason=reason
    )
    token.revoked_at = timezone.now()
    token.save(update_fields=["revoked_at"])
