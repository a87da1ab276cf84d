"""Django's own error pages in the portal's look."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string


def _page(request: HttpRequest, status: int, title: str, text: str) -> HttpResponse:
    return render(request, "orders/error_page.html", {"title": title, "text": text}, status=status)


@login_not_required
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, 400, "This request can't be read", "Go back and try again.")


@login_not_required
def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, 403, "You can't do that", "Your role does not include this.")


@login_not_required
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(
        request,
        404,
        "There is no such page",
        "Check the address. A customer or order ID has 1 to 64 letters, digits, “-”, “_” or “.”.",
    )


@login_not_required
def server_error(request: HttpRequest) -> HttpResponse:
    # Without the request: who it is would be asked of the database, which may be what went wrong.
    page = render_to_string(
        "orders/error_page.html",
        {
            "title": "Something went wrong here",
            "text": "It is our mistake, not yours and not the upstream's. Nothing was changed. "
            "Please tell your administrator this reference:",
            "reference": getattr(request, "request_id", ""),
        },
    )
    return HttpResponse(page, status=500)
