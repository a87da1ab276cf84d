"""Every component in every state, for those who build pages; looks are held against pictures of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from orders.people.permissions import rights_in
from orders.views.shared.pages import render_page
from orders.views.shared.requests import PortalRequest
from orders.views.system import styleguide_samples as samples

# By name: theme, contrast and density of what is shown.
SKINS = {
    "light": ("light", "", ""),
    "dark": ("dark", "", ""),
    "contrast": ("light", "more", ""),
    "contrast-dark": ("dark", "more", ""),
    "comfortable": ("light", "", "comfortable"),
}


@dataclass(frozen=True)
class StyleguidePage:
    """What the components are shown with; `skin` is (theme, contrast, density), empty for the usual."""

    skins: Sequence[samples.Tab]
    skin: tuple[str, str, str]
    tones: Sequence[tuple[str, str, str]]
    terms: Sequence[samples.Sample]
    tabs: Sequence[samples.Tab]
    facts: Sequence[tuple[str, str, str]]
    groups: Sequence[samples.Group]
    steps: Sequence[samples.Step]
    tiles: Sequence[samples.Tile]
    chips: Sequence[tuple[str, str]]
    colours: Sequence[str]
    orders: Sequence[samples.Row]


@require_safe
def show(request: PortalRequest) -> HttpResponse:
    """For administrators; `?skin=` chooses how it looks, whatever the reader's own pages do."""
    if not rights_in(request).may_manage_people:
        raise PermissionDenied
    chosen = request.GET.get("skin", "")
    skin = chosen if chosen in SKINS else "light"
    words = {
        "light": _("Light"),
        "dark": _("Dark"),
        "contrast": _("High contrast"),
        "contrast-dark": _("High contrast, dark"),
        "comfortable": _("Comfortable"),
    }
    page = StyleguidePage(
        skins=[samples.Tab(name, words[name], f"?skin={name}", name == skin) for name in SKINS],
        skin=SKINS[skin],
        tones=samples.tones(),
        terms=samples.terms(),
        tabs=samples.tabs(),
        facts=samples.facts(),
        groups=samples.groups(),
        steps=samples.steps(),
        tiles=samples.tiles(),
        chips=[(_("Status: Failed"), "#"), (_("Created from: 2026-01-01"), "#")],
        colours=samples.COLOURS,
        orders=samples.orders(),
    )
    return render_page(request, "orders/system/styleguide.html", page)
