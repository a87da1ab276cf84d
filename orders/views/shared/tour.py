"""The tour of a first visit: what each kind of page is for, said in its place, until the person has read it.

It lives in the session and begins with somebody's first sign-in, which `last_login` tells: nothing more is
kept. Without scripts it is the same.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from orders.domain.granted_rights import Rights
from orders.people.first_visit import TOUR
from orders.people.permissions import rights_in


class Step(NamedTuple):
    """`pages` are the names of the addresses where it stands; `place` is one that anybody can be led to."""

    name: str
    title: Promise
    text: Promise
    pages: frozenset[str]
    place: str = ""
    is_for: Callable[[Rights], bool] = lambda rights: rights.may_view


STEPS: Sequence[Step] = (
    Step(
        "look-up",
        _("Look up"),
        _(
            "Paste whatever you were sent, a number or a whole e-mail, here or in the field at the "
            "top of any page. A number that can be only one order opens it at once."
        ),
        frozenset({"home", "lookup", "lookups"}),
        "home",
    ),
    Step(
        "list",
        _("The list"),
        _(
            "Which time it covers stands above the table, at the right. Tabs are views, buttons are "
            "filters, and each filter in force is a chip that a click removes."
        ),
        frozenset({"history"}),
    ),
    Step(
        "sentence",
        _("The sentence"),
        _(
            "The large sentence is there to be read out. Under it stands what to tell the customer. "
            "“Copy for a ticket” takes all of it along."
        ),
        frozenset({"details"}),
    ),
    Step(
        "attention",
        _("What needs attention"),
        _(
            "Orders of your customers that somebody has to look at, the most urgent first. What you "
            "mark as seen is no longer counted in the header, until it changes."
        ),
        frozenset({"attention", "portfolio"}),
        "attention",
    ),
    Step(
        "files",
        _("Files"),
        _(
            "“Export” above a list makes a file of all its pages. It is whole, or it is called "
            "PARTIAL and says what is missing. Here it waits for you for a day."
        ),
        frozenset({"exports", "export-detail", "export-portfolio"}),
        "exports",
        lambda rights: rights.may_export,
    ),
)


class Shown(NamedTuple):
    """A step in its place, which one of how many it is, and where the next one is that has an address."""

    step: Step
    number: int
    of: int
    next_address: str = ""
    next_title: str | Promise = ""


def steps_for(request: HttpRequest) -> list[Step]:
    rights = rights_in(request)
    return [step for step in STEPS if step.is_for(rights)]


def step_here(request: HttpRequest) -> Shown | None:
    """What is still to be said on this page; asks for rights only within a tour."""
    left = _left(request)
    match = getattr(request, "resolver_match", None)
    if not left or match is None:
        return None
    steps = steps_for(request)
    here = next((each for each in steps if match.url_name in each.pages and each.name in left), None)
    if here is None:
        return None
    after = steps[steps.index(here) + 1 :]
    following = next((each for each in after if each.name in left and each.place), None)
    address = reverse(following.place) if following else ""
    title = following.title if following else ""
    return Shown(here, steps.index(here) + 1, len(steps), address, title)


def begin(request: HttpRequest) -> None:
    request.session[TOUR] = [step.name for step in steps_for(request)]


def end(request: HttpRequest) -> None:
    request.session.pop(TOUR, None)


def mark_read(request: HttpRequest, name: str) -> None:
    """This step is done; after the last one there is no tour."""
    left = [each for each in _left(request) if each != name]
    if left:
        request.session[TOUR] = left
    else:
        end(request)


def _left(request: HttpRequest) -> list[str]:
    session = getattr(request, "session", None)
    if session is None or not session.accessed or not getattr(request, "user", None):
        return []
    left = session.get(TOUR)
    return [step.name for step in STEPS] if left is True else list(left or ())
