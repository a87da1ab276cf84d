"""What a form or an address sends of itself, so read that it does no harm: numbers, texts, ways back."""

from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from orders.views.shared.requests import PortalRequest

_LONGEST_NUMBER = 9  # digits: every database takes so many, and nobody counts further
_LONGEST_SEARCH = 200  # characters


def number_in(text: str, *, longest: int = _LONGEST_NUMBER) -> int | None:
    """A number as we write it; None for anything else, and for one of more digits than anybody means."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= longest else None


def numbers_in(texts: list[str]) -> set[int]:
    return {number for text in texts if (number := number_in(text)) is not None}


def search_text(request: PortalRequest) -> str:
    """What somebody looks for (`q`), without the one sign that PostgreSQL refuses."""
    return request.GET.get("q", "").replace("\0", "").strip()[:_LONGEST_SEARCH]


def way_back(request: PortalRequest, otherwise: str = "") -> HttpResponseRedirect:
    """To the page of ours that the form's `next` names by its path; else to an address, or home."""
    asked = request.POST.get("next", "")
    is_ours = asked.startswith("/") and url_has_allowed_host_and_scheme(asked, None)
    return HttpResponseRedirect(asked if is_ours else otherwise or reverse("home"))
