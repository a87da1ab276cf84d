"""The data dictionary: what each column of a file means, from the registry that makes the files."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from orders import presets
from orders.views.requests import PortalRequest


@require_safe
def columns_help(request: PortalRequest) -> HttpResponse:
    return render(request, "orders/dictionary.html", {"kinds": presets.kinds()})
