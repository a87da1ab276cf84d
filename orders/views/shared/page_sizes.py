"""How many orders a page a person likes: chosen once, used wherever an address doesn't say.

An address with `limit` means what it says, and one without means the upstream's default, so that a pasted
address shows the same to everybody. The choice only goes into links that the portal makes itself.
"""

from django.http import HttpResponse

from orders import services
from orders.people.personal_settings import chosen_by
from orders.presentation.filtersets.base import MAX_PAGE_SIZE
from orders.views.shared.requests import PortalRequest

PAGE_SIZES = (25, 50, MAX_PAGE_SIZE)
COOKIE = "page-size"
KEPT = 365 * 24 * 3600  # seconds


def remember(request: PortalRequest, response: HttpResponse) -> HttpResponse:
    """Keep the size that the address names, where it is one of ours."""
    chosen = request.GET.get("limit", "")
    if chosen in map(str, PAGE_SIZES) and chosen != request.COOKIES.get(COOKIE):
        response.set_cookie(
            COOKIE, chosen, max_age=KEPT, httponly=True, samesite="Lax", secure=request.is_secure()
        )
    return response


def forget(response: HttpResponse) -> HttpResponse:
    """What is chosen in the settings counts more than what an address said before."""
    response.delete_cookie(COOKIE, samesite="Lax")
    return response


def preferred(request: PortalRequest, source: str) -> str:
    """`limit=50`, or nothing where the person has not chosen or the default is what they chose."""
    chosen = request.COOKIES.get(COOKIE, "") or str(chosen_by(request).page_size)
    is_ours = chosen in map(str, PAGE_SIZES) and source in {each.name for each in services.sources()}
    return f"limit={chosen}" if is_ours and chosen != str(services.describe(source).default_limit) else ""
