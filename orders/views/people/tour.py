"""The tour on a page of its own, and its beginning and end."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from orders.views.shared import tour
from orders.views.shared.pages import render_page
from orders.views.shared.requests import PortalRequest
from orders.views.shared.tour import Step


@dataclass(frozen=True)
class TourPage:
    steps: Sequence[Step]


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: PortalRequest) -> HttpResponse:
    """All of it to read; a POST says what to do: `read` a step, `end`, or begin again."""
    if request.method != "POST":
        return render_page(request, "orders/people/tour.html", TourPage(tour.steps_for(request)))
    back = request.POST.get("next", "")
    if name := request.POST.get("read", ""):
        tour.mark_read(request, name)
    elif "end" in request.POST:
        tour.end(request)
    else:
        tour.begin(request)
    return redirect(back if url_has_allowed_host_and_scheme(back, None) else "home")
