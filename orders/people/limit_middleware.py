"""What somebody sees who has reached a limit: 429 with words, and a way to ask for more."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from orders.infrastructure.pages import render_page
from orders.people import limit_wishes
from orders.people.limit_models import LimitWish
from orders.people.limits import KINDS, OverLimit
from orders.people.token_authentication import told, wants_page


@dataclass(frozen=True)
class OverLimitPage:
    """`kind` is what the form asks for more of; `wish` what was asked for already."""

    words: str
    kind: str
    again_at: datetime
    wish: LimitWish | None


class LimitMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, OverLimit):
            return None
        words = _("You have reached the limit of %(limit)s %(what)s.") % {
            "limit": exception.limit,
            "what": KINDS[exception.kind].words,
        }
        if wants_page(request):
            wish = limit_wishes.latest(request.user, exception.kind)
            page = OverLimitPage(words, exception.kind, exception.again_at, wish)
            response = render_page(request, "orders/people/over_limit.html", page, status=429)
        else:
            where = request.build_absolute_uri(reverse("limits"))
            more = _("Ask for more at %(address)s.") % {"address": where}
            response = told(request, f"{words} {more}", status=429)
        wait = (exception.again_at - timezone.now()).total_seconds()
        response.headers["Retry-After"] = str(max(1, math.ceil(wait)))
        return response
