"""A person's own tokens for scripts: made, shown once, found again by their hash, revoked.

A token is 256 bits of randomness, so a plain SHA-256 of it is as good as any slow hash: there is nothing
to guess. It is looked up by that hash, never by its text; how long the look-up takes tells a caller
about hashes, which lead back to no token.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet
from django.utils import timezone

from orders.models import ApiToken

MARK = "opt_"
SHOWN_LETTERS = len(MARK) + 6
MOST_TOKENS = 20
# A script that polls shouldn't write to the database at every step.
WRITE_USE_AGAIN_AFTER = timedelta(minutes=1)


class TokenRefused(Exception):
    """Why a token is not accepted, in words for whoever holds it."""


def make_token(*, owner: User, name: str, expires_at: datetime | None = None) -> tuple[ApiToken, str]:
    """A new token, and its text: this is the only time that anybody sees it."""
    text = MARK + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        owner=owner,
        name=name,
        prefix=text[:SHOWN_LETTERS],
        digest=digest(text),
        expires_at=expires_at,
    )
    return token, text


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def redeem_token(text: str) -> ApiToken:
    """The token with its owner, and its use noted; `TokenRefused` where it is good for nothing."""
    token = ApiToken.objects.select_related("owner").filter(digest=digest(text)).first()
    now = timezone.now()
    if token is None:
        raise TokenRefused("This is no token of the portal.")
    if token.revoked_at is not None:
        raise TokenRefused("The token was revoked.")
    if token.has_expired(now):
        raise TokenRefused("The token has expired.")
    if not token.owner.is_active:
        raise TokenRefused("The token's owner may no longer sign in.")
    if token.last_used_at is None or now - token.last_used_at > WRITE_USE_AGAIN_AFTER:
        token.last_used_at = now
        token.save(update_fields=["last_used_at"])
    return token


def live_tokens(owner: User) -> QuerySet[ApiToken]:
    """The person's tokens that work, the newest first."""
    now = timezone.now()
    return ApiToken.objects.filter(
        Q(expires_at=None) | Q(expires_at__gt=now), owner=owner, revoked_at=None
    ).order_by("-made_at", "-pk")


def revoke_token(*, owner: User, pk: int) -> ApiToken | None:
    """End one of the person's own tokens; None where they have no such token that still works."""
    token = live_tokens(owner).filter(pk=pk).first()
    if token is not None:
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at"])
    return token
