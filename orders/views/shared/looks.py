"""How the pages look to a person: light or dark, and how close the rows stand.

As they have chosen in their settings; the theme is kept in a cookie too, for the sign-in page.
"""

from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from orders.people.personal_settings import chosen_by

THEMES: dict[str, Promise] = {"": _("System"), "light": _("Light"), "dark": _("Dark")}
DENSITIES: dict[str, Promise] = {"": _("Compact"), "comfortable": _("Comfortable")}
THEME_COOKIE = "theme"
KEPT = 365 * 24 * 3600  # seconds


class Looks(NamedTuple):
    """Empty means what the system says, and compact rows."""

    theme: str
    density: str
    has_keys: bool = True

    @property
    def css_class(self) -> str:
        """For pages whose first element isn't ours to mark."""
        return f"theme-{self.theme}" if self.theme else ""

    @property
    def themes(self) -> list[tuple[str, Promise, bool]]:
        """Value, words and whether it is chosen, for a menu."""
        return [(value, words, value == self.theme) for value, words in THEMES.items()]


def looks_of(request: HttpRequest) -> Looks:
    chosen = chosen_by(request)
    theme = request.COOKIES.get(THEME_COOKIE, "") or chosen.theme
    return Looks(theme if theme in THEMES else "", chosen.density, chosen.has_keys)


def remember_theme(request: HttpRequest, response: HttpResponse, theme: str) -> HttpResponse:
    """Keep it in this browser; ValueError for one that there is not."""
    if theme not in THEMES:
        raise ValueError(f"no theme is called {theme[:20]}")
    if theme:
        response.set_cookie(
            THEME_COOKIE, theme, max_age=KEPT, httponly=True, samesite="Lax", secure=request.is_secure()
        )
    else:
        response.delete_cookie(THEME_COOKIE, samesite="Lax")
    return response
