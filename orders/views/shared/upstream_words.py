"""What an upstream and its codes are called, also where an account still names one that is gone."""

from collections.abc import Mapping
from typing import NamedTuple

from orders import services
from orders.domain.terms import Term


class UpstreamWords(NamedTuple):
    """How an upstream's codes read."""

    label: str
    statuses: Mapping[str, Term]
    order_types: Mapping[str, Term]


def upstream_words(source: str) -> UpstreamWords:
    """Of an upstream that is gone, whose customers an account may still name, its own name and no words."""
    try:
        description = services.describe(source)
    except KeyError:
        return UpstreamWords(source, {}, {})
    return UpstreamWords(description.short_label, description.statuses, description.order_types)
