"""What every template may know: what whoever is signed in may do, where they may go, how pages look to them.

Each is asked for only where a template uses it. It only decides what is offered; the service decides what is
done.
"""

from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext

from orders import services
from orders.people.notices import unread_count
from orders.people.permissions import rights_in
from orders.views.shared.looks import looks_of
from orders.views.shared.navigation import navigation
from orders.views.shared.tour import step_here


def rights(request: HttpRequest) -> dict[str, Any]:
    return {
        "rights": SimpleLazyObject(lambda: rights_in(request)),
        "navigation": SimpleLazyObject(lambda: navigation(request)),
        "unread_notices": SimpleLazyObject(lambda: _unread_notices(request)),
        "looks": looks_of(request),
        "askings": _askings,
        "is_part": _is_part(request),
        "tour": SimpleLazyObject(lambda: step_here(request)),
    }


def _unread_notices(request: HttpRequest) -> int:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return 0
    try:
        return unread_count(user)
    except DatabaseError:  # the page that says so must not fail by it
        return 0


def _is_part(request: HttpRequest) -> bool:
    """Whether htmx is going to take nothing of the page but its main part."""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-Target") == "main"


def _askings() -> tuple[tuple[str, str], ...]:
    """What is said while an upstream is waited for, by its name in addresses."""
    return tuple(
        (each.name, gettext("Asking %(upstream)s") % {"upstream": each.short_label})
        for each in services.sources()
    )
