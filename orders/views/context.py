"""What every template may know: what whoever is signed in may do, asked for only where it is used.

It only decides what is offered; the service decides what is done.
"""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from orders.access import known_rights
from orders.domain.rights import Rights


def rights(request: HttpRequest) -> dict[str, Any]:
    return {"rights": SimpleLazyObject(lambda: _rights_of(request))}


def _rights_of(request: HttpRequest) -> Rights:
    user = getattr(request, "user", None)
    return Rights() if user is None else known_rights(user)
