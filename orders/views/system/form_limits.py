"""Forms that are too long: our own page says so, before anybody reads one of them.

The limits are Django's settings DATA_UPLOAD_MAX_MEMORY_SIZE, DATA_UPLOAD_MAX_NUMBER_FIELDS and
DATA_UPLOAD_MAX_NUMBER_FILES; a file has a limit of its own where it is taken.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.utils.translation import gettext, ngettext

from orders.presentation.numbers import as_read, grouped
from orders.views.system.errors import error_page

# Bytes of a whole request, files included: room for the largest file that is taken (5 MB). What is longer is
# refused by what it says of itself, before any of it lies on a disk.
MOST_SENT = 6 * 2**20
_MOST_READ = 50 * 2**20  # bytes of what is refused
_PIECE = 64 * 2**10


class FormLimitsMiddleware:
    """Stands before the check of the form's token, which would be the first to read the form."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if request.method != "POST":
            return None
        if _announced(request) > MOST_SENT:
            _read_away(request)
            return error_page(request, 413, gettext("This is too long to be sent"), _most_sent_in_words())
        try:
            request.POST  # noqa: B018  (read here, kept by the request)
        except RequestDataTooBig:
            _read_away(request)
            return error_page(request, 413, gettext("This is too long to be sent"), _longest_in_words())
        except (TooManyFieldsSent, TooManyFilesSent):
            _read_away(request)
            return error_page(request, 413, gettext("These are too many fields at once"), _most_in_words())
        except UnreadablePostError:
            return None  # the visitor is gone
        return None


def _read_away(request: HttpRequest) -> None:
    """A browser that is still sending when the connection is closed never sees the answer."""
    for _ in range(_MOST_READ // _PIECE):
        try:
            if not request.read(_PIECE):
                return
        except OSError:
            return


def _announced(request: HttpRequest) -> int:
    """Bytes that the request says it has. Without a length Django reads none."""
    length = request.META.get("CONTENT_LENGTH") or ""
    return int(length) if length.isascii() and length.isdecimal() else 0


def _most_sent_in_words() -> str:
    return gettext("Nothing was done with it. All of it together may have %(size)s MB.") % {
        "size": MOST_SENT // 2**20
    }


def _longest_in_words() -> str:
    size = as_read(f"{settings.DATA_UPLOAD_MAX_MEMORY_SIZE / 2**20:.1f}")
    return gettext("Nothing was done with it. A form may hold %(size)s MB; send less at once.") % {
        "size": size
    }


def _most_in_words() -> str:
    most = settings.DATA_UPLOAD_MAX_NUMBER_FIELDS
    return ngettext(
        "Nothing was done with it. A form may have %(count)s field; send less at once.",
        "Nothing was done with it. A form may have %(count)s fields; send less at once.",
        most,
    ) % {"count": grouped(most)}
