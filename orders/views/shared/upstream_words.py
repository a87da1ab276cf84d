"""What an upstream and its codes are called, also where a row still names one that is gone."""

from collections.abc import Mapping
from typing import NamedTuple

from orders import services
from orders.domain.terms import Term


class UpstreamWords(NamedTuple):
    """How an upstream's codes read; `label` is the short one."""

    label: str
    long_label: str
    statuses: Mapping[str, Term]
    order_types: Mapping[str, Term]


def upstream_words(source: str) -> UpstreamWords:
    """Of an upstream that is gone, which accounts, watches and files may name, its own name and no words."""
    try:
        description = services.describe(source)
    except KeyError:
        return UpstreamWords(source, source, {}, {})
    return UpstreamWords(
        description.short_label, description.label, description.statuses, description.order_types
    )
