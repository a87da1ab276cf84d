"""Where this person may go: the main navigation, with the place they are at, and what waits there.

A new page gets one line in `PLACES`, or in `ADMINISTRATION`, which is a menu of its own; a page below one of
them is named in its `within`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from django.contrib.auth.models import User
from django.http import HttpRequest
from django.urls import get_script_prefix, reverse
from django.utils.translation import gettext_lazy as _

from orders.domain.granted_rights import Right, Rights
from orders.people.permissions import rights_in
from orders.presentation.texts.phrases import Text
from orders.services.attention import unseen_count
from orders.views.shared.requests import PortalRequest


@dataclass(frozen=True)
class Place:
    """A page of the main navigation.

    `name` is its address's, `within` are those of the pages below it. `is_for` says who is offered it, and
    `waiting` counts what needs somebody there.
    """

    name: str
    words: Text
    is_for: Callable[[Rights, User], bool]
    within: frozenset[str] = frozenset()
    waiting: Callable[[PortalRequest], int] | None = None


def _unseen(request: PortalRequest) -> int:
    return unseen_count(request.user, rights_in(request))


_LOOK_UPS = frozenset({"lookup", "lookups", "history", "details", "saved-views"})
_FILES = frozenset({"export-detail", "columns-help"})
_IMPORTS = frozenset({"account-import", "carry-out-import"})

PLACES: list[Place] = [
    Place("home", _("Look up"), lambda rights, who: True, _LOOK_UPS),
    Place("attention", _("Attention"), lambda rights, who: Right.VIEW in rights, waiting=_unseen),
    Place("portfolio", _("Portfolio"), lambda rights, who: Right.VIEW in rights, frozenset({"account"})),
    Place("exports", _("Files"), lambda rights, who: rights.may_export, _FILES),
    Place("ledger", _("Ledger"), lambda rights, who: rights.may_read_ledger),
]
ADMINISTRATION: list[Place] = [
    Place("people", _("People"), lambda rights, who: rights.may_manage_people, frozenset({"person"})),
    Place("account-imports", _("Import accounts"), lambda rights, who: rights.may_import_accounts, _IMPORTS),
    Place("products", _("Products"), lambda rights, who: rights.may_import_accounts),
    Place("styleguide", _("Style guide"), lambda rights, who: rights.may_manage_people),
    Place("admin:index", _("All tables"), lambda rights, who: who.is_staff),
]


class Link(NamedTuple):
    words: Text
    address: str
    is_current: bool
    waiting: int
    name: str


class Navigation(NamedTuple):
    main: Sequence[Link]
    administration: Sequence[Link]

    @property
    def is_in_administration(self) -> bool:
        return any(link.is_current for link in self.administration)


def navigation(request: HttpRequest) -> Navigation | None:
    """What is offered to whoever is signed in; None before."""
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return None
    rights = rights_in(request)
    return Navigation(
        main=[_link(place, request) for place in PLACES if place.is_for(rights, user)],
        administration=[_link(place, request) for place in ADMINISTRATION if place.is_for(rights, user)],
    )


def landing_places(request: PortalRequest) -> list[tuple[str, Text]]:
    """Name and words of the pages on which this person can begin; the first is the portal's own choice."""
    rights = rights_in(request)
    return [(place.name, place.words) for place in PLACES if place.is_for(rights, request.user)]


@cache
def _address(name: str, prefix: str) -> str:
    """`prefix` is what all addresses begin with."""
    return reverse(name)


def _link(place: Place, request: HttpRequest) -> Link:
    match = request.resolver_match
    here = match.view_name if match else ""
    is_current = here == place.name or here in place.within
    if place.name == "admin:index" and match:
        is_current = "admin" in match.namespaces
    waiting = place.waiting(request) if place.waiting else 0  # type: ignore[arg-type]  # somebody is signed in
    return Link(place.words, _address(place.name, get_script_prefix()), is_current, waiting, place.name)
