"""The theme, chosen in the person's menu."""

from dataclasses import replace

from django.http import HttpResponse, HttpResponseBadRequest
from django.views.decorators.http import require_POST

from orders.people.personal_settings import choose, chosen_by
from orders.views.shared.given import way_back
from orders.views.shared.looks import THEMES, remember_theme
from orders.views.shared.requests import PortalRequest


@require_POST
def choose_theme(request: PortalRequest) -> HttpResponse:
    """Back to where the person was; 400 for a theme that there is not."""
    response = way_back(request)
    try:
        theme = request.POST.get("theme", "")
        if theme in THEMES:
            choose(request, request.user, replace(chosen_by(request), theme=theme))
        return remember_theme(request, response, theme)
    except ValueError:
        return HttpResponseBadRequest()
