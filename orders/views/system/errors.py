"""Django's own error pages in the portal's look."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from orders.infrastructure.pages import ErrorPage
from orders.infrastructure.problems import is_for_scripts, refusal
from orders.people.personal_settings import speak_to

Text = str | Promise


def error_page(request: HttpRequest, status: int, title: Text, text: Text) -> HttpResponse:
    if is_for_scripts(request):
        return refusal(request, status, str(title), detail=str(text))
    speak_to(request)
    return ErrorPage(str(title), str(text)).response(request, status=status)


@login_not_required
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 400, _("This request can't be read"), _("Go back and try again."))


@login_not_required
def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 403, _("You can't do that"), _("Your role does not include this."))


@login_not_required
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(
        request,
        404,
        _("There is no such page"),
        _("Check the address. A customer or order ID has 1 to 64 letters, digits, “-”, “_” or “.”."),
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
