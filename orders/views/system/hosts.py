"""Under which names the portal answers: health checks under any, everything else under those it was given."""

from collections.abc import Callable

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.middleware import common
from django.utils.log import log_response
from django.utils.translation import gettext

from orders.domain.bounded_text import cut
from orders.views.system.errors import page_without_visitor

_LONGEST_HOST = 100  # characters of a stranger's header in our log


def is_health_check(request: HttpRequest) -> bool:
    """A load balancer asks by the address of a machine, which no list of names has."""
    return request.path_info.startswith("/health/")


class AllowedHostMiddleware:
    """Refuses other names in words.

    Stands behind what gives an answer its policy, and before whatever builds an address from the Host: the
    way to HTTPS is the first to do so.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not is_health_check(request):
            try:
                request.get_host()
            except DisallowedHost:
                return _refuse(request)
        return self.get_response(request)


class CommonMiddleware(common.CommonMiddleware):
    """Django's own, which looks at every Host once more: for a health check it does not matter."""

    def process_request(self, request: HttpRequest) -> HttpResponsePermanentRedirect | None:
        return None if is_health_check(request) else super().process_request(request)


def _refuse(request: HttpRequest) -> HttpResponse:
    response = page_without_visitor(
        400,
        gettext("The portal does not answer under this name"),
        gettext(
            "Open it under the name that your administrator gave you. For administrators: the names that it "
            "answers under stand in the setting ALLOWED_HOSTS, separated by commas; this one is not there."
        ),
    )
    # Django would write a line of its own about any answer of 400: this is that line.
    log_response(
        "Host %r is not allowed: see the setting ALLOWED_HOSTS",
        cut(request.META.get("HTTP_HOST", ""), _LONGEST_HOST),
        request=request,
        response=response,
        level="warning",
    )
    return response
