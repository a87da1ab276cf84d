"""In which language a request is answered: people in theirs, programs in that of our contract."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from orders.infrastructure.problems import is_for_scripts

# Of files, of answers to scripts, and of whatever is kept: it never depends on who asked.
OURS = "en-gb"


def in_ours() -> translation.override:
    """For what is written into a file."""
    return translation.override(OURS)


def is_for_programs(request: HttpRequest) -> bool:
    return is_for_scripts(request) or "HTTP_AUTHORIZATION" in request.META


class LanguageMiddleware:
    """As the browser asks. Who is signed in has a language of their own, which counts from there on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_fixed = is_for_programs(request)
        translation.activate(OURS if is_fixed else translation.get_language_from_request(request))
        try:
            response = self.get_response(request)
        finally:
            translation.deactivate()
        if not is_fixed:
            patch_vary_headers(response, ("Accept-Language",))
        return response
