"""What every template may know: the rights of whoever is signed in, asked for only where they are used."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from orders.access import Rights, rights_of


def rights(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    return {"rights": SimpleLazyObject(lambda: rights_of(user) if user is not None else Rights())}
