"""The theme, chosen in the person's menu."""

from dataclasses import replace

from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from orders.people.personal_settings import choose, chosen_by
from orders.views.shared.looks import THEMES, remember_theme
from orders.views.shared.requests import PortalRequest


@require_POST
def choose_theme(request: PortalRequest) -> HttpResponse:
    """Back to where the person was; 400 for a theme that there is not."""
    back = request.POST.get("next", "")
    response = redirect(back if url_has_allowed_host_and_scheme(back, None) else "home")
    try:
        theme = request.POST.get("theme", "")
        if theme in THEMES:
            choose(request, request.user, replace(chosen_by(request), theme=theme))
        return remember_theme(request, response, theme)
    except ValueError:
        return HttpResponseBadRequest()
