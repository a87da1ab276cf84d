"""Notices that histories and single orders have in common."""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext

from orders.domain.descriptions import Description
from orders.domain.freshness import Freshness
from orders.views.api.answers import Notice
from orders.views.shared.failures import failure_of
from orders.views.shared.problems import problem_of
from orders.views.shared.requests import PortalRequest


def stale(request: PortalRequest, freshness: Freshness, *, label: str, what: str) -> Iterator[Notice]:
    """Why something older is shown; `what` is as for `failure_of`."""
    if freshness.failure is not None:
        failure = failure_of(request, freshness.failure, label=label, what=what)
        yield Notice(notice="stale", text=failure.title, problem=problem_of(request, failure))


def ignored(names: Sequence[str], description: Description) -> Iterator[Notice]:
    if names:
        text = gettext("Ignored, because %(upstream)s documents no such parameter here.")
        yield Notice(
            notice="ignored-parameters", text=text % {"upstream": description.short_label}, names=list(names)
        )


def unreadable(paths: Sequence[str], words: str = "") -> Iterator[Notice]:
    """`paths` say where values stand that could not be read; `words` how many whole rows."""
    if paths:
        text = words or gettext("Some values could not be read.")
        yield Notice(notice="unreadable-rows", text=text, names=list(paths))
