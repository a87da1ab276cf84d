"""What happened to a person's own sign-in since they last looked, on whatever page they come to first."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_POST

from orders.people import security_notices
from orders.views.shared.given import way_back
from orders.views.shared.requests import PortalRequest


def notices(request: HttpRequest) -> dict[str, Any]:
    """For every template; asks the database only where the sign-in found something to tell."""
    return {"security_notices": SimpleLazyObject(lambda: _notices(request))}


def _notices(request: HttpRequest) -> list[str]:
    session, user = getattr(request, "session", None), getattr(request, "user", None)
    if session is None or user is None or not user.is_authenticated:
        return []
    return [security_notices.in_words(notice) for notice in security_notices.notices_in(session, user)]


@require_POST
def seen(request: PortalRequest) -> HttpResponse:
    security_notices.mark_as_seen(request.session, request.user)
    return way_back(request)
