"""What every template may know: what whoever is signed in may do, asked for only where it is used.

It only decides what is offered; the service decides what is done.
"""

from typing import Any

from django.http import HttpRequest

from orders.access import rights_of
from orders.domain.rights import Right


class Offered:
    """A person's rights, as far as Django has looked them up for this request already."""

    def __init__(self, user: Any) -> None:
        self._user = user

    @property
    def may_view(self) -> bool:
        return self._has(Right.VIEW)

    @property
    def may_export(self) -> bool:
        return self._has(Right.EXPORT)

    @property
    def may_read_ledger(self) -> bool:
        return self._has(Right.READ_LEDGER)

    @property
    def sees_all(self) -> bool:
        return self._user is not None and rights_of(self._user).sees_all

    def _has(self, right: Right) -> bool:
        return self._user is not None and bool(self._user.has_perm(right.permission))


def rights(request: HttpRequest) -> dict[str, Any]:
    return {"rights": Offered(getattr(request, "user", None))}
