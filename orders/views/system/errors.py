"""Django's own error pages in the portal's look."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext

from orders.infrastructure.pages import ErrorPage
from orders.infrastructure.problems import is_for_scripts, refusal


def error_page(request: HttpRequest, status: int, title: str, text: str) -> HttpResponse:
    if is_for_scripts(request):
        return refusal(request, status, title, detail=text)
    return ErrorPage(title, text).response(request, status=status)


@login_not_required
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 400, gettext("This request can't be read"), gettext("Go back and try again."))


@login_not_required
def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 403, gettext("You can't do that"), gettext("Your role does not include this."))


@login_not_required
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(
        request,
        404,
        gettext("There is no such page"),
        gettext("Check the address. A customer or order ID has 1 to 64 letters, digits, “-”, “_” or “.”."),
    )


@login_not_required
def server_error(request: HttpRequest) -> HttpResponse:
    if is_for_scripts(request):
        return refusal(request, 500, gettext("Something went wrong here"))
    return page_without_visitor(
        500,
        gettext("Something went wrong here"),
        gettext(
            "It is our mistake, not yours and not the upstream's. Nothing was changed. "
            "Please tell your administrator this reference:"
        ),
        reference=getattr(request, "request_id", ""),
    )


def page_without_visitor(status: int, title: str, text: str, *, reference: str = "") -> HttpResponse:
    """Drawn without the request: who it is would be asked of the database, which may be what went wrong."""
    return ErrorPage(title, text, reference).response(None, status=status)
