"""When a session begins, when it is over, and how all of a person's sessions end at once."""

import time
from collections.abc import MutableMapping
from typing import Any
from urllib.parse import urlsplit

from allauth.core import context
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.models import AbstractBaseUser, User
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.db.models.signals import post_save, pre_save
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, ngettext

from orders.people.passwords import has_new_password

STARTED, SEEN = "sign-in-started", "sign-in-seen"
# A page view writes the session at most this often, in seconds.
NOTE_EVERY = 60

Session = MutableMapping[str, Any]

# Elements of our pages that ask again and again by themselves, by their IDs: htmx sends the ID along.
POLLING_ELEMENTS = frozenset(
    {"export-notice", "export-progress", "exports", "live-lookup", "refreshing", "watching"}
)
# Addresses that nothing else asks, by their names.
POLLED = frozenset(
    {"export-notice", "export-progress", "live-progress", "refresh-progress", "watching-progress"}
)


# The places of panels, by how their IDs begin: each asks for itself once the page is there.
LOADING_ELEMENTS = "panel-"
# In a session: addresses that a poll has told the browser to load anew, and when.
_RELOADS = "reloads-by-itself"
_RELOADED_WITHIN = 60  # seconds


def is_poll(request: HttpRequest) -> bool:
    """Whether a page asks by itself: that somebody left it open is no sign of them."""
    match = request.resolver_match
    if request.method != "GET" or match is None:
        return False
    element = request.headers.get("HX-Trigger", "")
    return match.view_name in POLLED or element in POLLING_ELEMENTS or element.startswith(LOADING_ELEMENTS)


def expect_reload(request: HttpRequest, response: HttpResponse, now: float) -> None:
    """Where the answer to a poll has the page loaded anew, remember which: that is no sign of them either."""
    if response.headers.get("HX-Refresh") != "true" or not is_poll(request):
        return
    page = urlsplit(request.headers.get("HX-Current-URL", ""))
    address = f"{page.path}?{page.query}" if page.query else page.path
    kept = {each: at for each, at in request.session.get(_RELOADS, {}).items() if now - at < _RELOADED_WITHIN}
    request.session[_RELOADS] = kept | {address: now}


def is_reload(request: HttpRequest, now: float) -> bool:
    """Whether this is what a poll told the browser to load; the next time it is somebody's doing."""
    if not request.session.get(_RELOADS) or request.method != "GET" or "HX-Request" in request.headers:
        return False
    reloads = request.session[_RELOADS]
    at = reloads.pop(request.get_full_path(), None)
    request.session[_RELOADS] = reloads
    return at is not None and now - at < _RELOADED_WITHIN


def why_over(session: Session, now: float) -> str:
    """What to tell the person whose session is over; empty while it lasts."""
    started = session.get(STARTED, now)
    if now - started >= settings.SESSION_ABSOLUTE_SECONDS:
        return gettext("You were signed out, %(in_words)s after you had signed in.") % {
            "in_words": in_words(settings.SESSION_ABSOLUTE_SECONDS)
        }
    if now - session.get(SEEN, started) >= settings.SESSION_IDLE_SECONDS:
        return gettext("You were signed out after %(in_words)s without activity.") % {
            "in_words": in_words(settings.SESSION_IDLE_SECONDS)
        }
    return ""


def note_activity(session: Session, now: float) -> bool:
    """Remember that the session is in use. False, without a write, where that is known already."""
    every = min(NOTE_EVERY, settings.SESSION_IDLE_SECONDS / 4)
    if STARTED in session and now - session.get(SEEN, 0) < every:
        return False
    session.setdefault(STARTED, now)
    session[SEEN] = now
    return True


def end_all(user: AbstractBaseUser, *, but: str | None = None) -> None:
    """Delete the person's sessions. Django would refuse them at their next request anyway."""
    for session in UserSession.objects.filter(user_id=user.pk).exclude(session_key=but or ""):
        session.end()


def time_out(request: HttpRequest) -> None:
    """Sign the visitor out, though they did not ask for it."""
    logout(request)
    request.left = "time"  # type: ignore[attr-defined]  # ours


def has_signed_out(request: HttpRequest) -> bool:
    return getattr(request, "left", "") == "choice"


def has_timed_out(request: HttpRequest) -> bool:
    return getattr(request, "left", "") == "time"


def in_words(seconds: int) -> str:
    """`12 hours`, `45 minutes`: in the largest unit that is exact."""
    if seconds and seconds % 3600 == 0:
        return ngettext("%(count)s hour", "%(count)s hours", seconds // 3600) % {"count": seconds // 3600}
    if seconds and seconds % 60 == 0:
        return ngettext("%(count)s minute", "%(count)s minutes", seconds // 60) % {"count": seconds // 60}
    return ngettext("%(count)s second", "%(count)s seconds", seconds) % {"count": seconds}


@receiver(user_logged_in)
def _begin(request: HttpRequest | None = None, **_: Any) -> None:
    if request is not None and hasattr(request, "session"):
        request.session[STARTED] = request.session[SEEN] = time.time()


@receiver(user_logged_out)
def _mark(request: HttpRequest | None = None, user: Any = None, **_: Any) -> None:
    if request is not None:
        request.left = "choice"  # type: ignore[attr-defined]  # ours


@receiver(pre_save, sender=User)
def _notice_change(instance: User, update_fields: Any = None, **_: Any) -> None:
    """Whether this save switches the person off, or changes their password."""
    instance.ends_sessions = False  # type: ignore[attr-defined]  # ours
    if instance.pk is None or (
        update_fields is not None and not {"is_active", "password"} & set(update_fields)
    ):
        return
    before = User.objects.filter(pk=instance.pk).only("password", "is_active").first()
    instance.ends_sessions = before is not None and (  # type: ignore[attr-defined]  # ours
        has_new_password(before.password, instance, update_fields)
        or (before.is_active and not instance.is_active)
    )


@receiver(post_save, sender=Authenticator)
def _end_those_without_the_factor(instance: Authenticator, created: bool, **_: Any) -> None:
    """A session that began with the password alone never had to show the factor that there is now."""
    if created and instance.type != Authenticator.Type.RECOVERY_CODES:
        _end_others(instance.user)


@receiver(post_save, sender=User)
def _end_after_change(instance: User, **_: Any) -> None:
    if getattr(instance, "ends_sessions", False):
        _end_others(instance)


def _end_others(user: AbstractBaseUser) -> None:
    """All sessions but the one whose request brought this about, which still has to answer with it."""
    session = getattr(context.request, "session", None) if context.request else None
    end_all(user, but=session.session_key if session is not None else None)
