"""What the ledger knows of the request under way, without each caller having to hand it on."""

import ipaddress
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.http import HttpRequest

_request: ContextVar[HttpRequest | None] = ContextVar("ledger_request", default=None)
# The token on whose behalf something is done later, or by whoever comes by; None within its own request.
_on_behalf_of: ContextVar[str | None] = ContextVar("ledger_token", default=None)
# The schedule whose turn it is: nobody sits before what is done within.
_schedule: ContextVar[int | None] = ContextVar("ledger_schedule", default=None)


def enter(request: HttpRequest) -> Any:
    return _request.set(request)


def leave(token: Any) -> None:
    _request.reset(token)


def request_id() -> str:
    request = _request.get()
    return "" if request is None else str(getattr(request, "request_id", ""))


def current_address() -> str:
    request = _request.get()
    return "" if request is None else client_address(request)


def current_person() -> Any:
    """Who is signed in to the request under way; None for a command or a visitor."""
    request = _request.get()
    user = getattr(request, "user", None)
    return user if user is not None and user.is_authenticated else None


@contextmanager
def on_behalf_of(prefix: str = "", *, schedule: int | None = None) -> Iterator[None]:
    """What is done within was asked for with this token, by this schedule, or by a person without either."""
    before, before_schedule = _on_behalf_of.set(prefix), _schedule.set(schedule)
    try:
        yield
    finally:
        _on_behalf_of.reset(before)
        _schedule.reset(before_schedule)


def schedule() -> int | None:
    """The number of the schedule that does it by itself; None where somebody does."""
    return _schedule.get()


def token_prefix() -> str:
    """The first letters of the token that asked for what is done now; empty for people."""
    given = _on_behalf_of.get()
    if given is not None:
        return given
    token = getattr(_request.get(), "api_token", None)
    return "" if token is None else str(token.prefix)


def client_address(request: HttpRequest) -> str:
    """The visitor's address: as the last trusted proxy saw it, else as we see it.

    Each proxy adds whom it saw at the end of X-Forwarded-For, so with n trusted ones the n-th entry from
    the end is true, and everything before it is whatever the visitor sent.
    """
    seen = str(request.META.get("REMOTE_ADDR", ""))
    trusted = settings.TRUSTED_PROXY_COUNT
    if trusted > 0:
        forwarded = str(request.META.get("HTTP_X_FORWARDED_FOR", ""))
        entries = [part.strip() for part in forwarded.split(",")]
        if len(entries) >= trusted and _is_address(entries[-trusted]):
            return entries[-trusted]
    return seen if _is_address(seen) else ""


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return len(text) <= 45
