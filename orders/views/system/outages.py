"""What a visitor gets while the database or the cache is away or busy: 503, in words."""

import logging
import sys
from collections.abc import Callable

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from redis import RedisError

from orders.infrastructure.database_failures import is_away
from orders.ledger import LedgerUnavailable
from orders.people.token_authentication import told, wants_page
from orders.views.system import errors

logger = logging.getLogger("orders.requests")

_RETRY_AFTER = "5"  # seconds


class OutageMiddleware:
    """For what a page raises. What other middleware raises comes to `server_error`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return answer_to(request, exception)


def answer_to(request: HttpRequest, error: BaseException | None) -> HttpResponse | None:
    """The answer where a part of the portal is away; None for anything else that went wrong."""
    if error is None:
        return None
    if isinstance(error, RedisError):
        part, text = "cache", gettext("The portal's shared memory does not answer. Nothing was changed.")
    elif is_away(error) or isinstance(error, LedgerUnavailable):
        part, text = "database", gettext("The portal's database is busy or away. Nothing was changed.")
    else:
        return None
    logger.error("the %s is away or busy: %s", part, type(error.__cause__ or error).__name__)
    title = gettext("A part of the portal is away")
    again = gettext("Try again in a few seconds, and tell your administrator if it stays like this.")
    if wants_page(request):
        response = errors.page_without_visitor(503, title, f"{text} {again}")
    else:
        response = told(request, f"{title}: {text} {again}", status=503)
    response.headers["Retry-After"] = _RETRY_AFTER
    return response


@login_not_required
def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler500, called while the error is being handled."""
    return answer_to(request, sys.exc_info()[1]) or errors.server_error(request)
