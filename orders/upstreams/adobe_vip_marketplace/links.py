"""Links that come with an answer, in every shape that has been seen."""

from collections.abc import Iterable

from orders.domain.bounded_text import LONGEST_NAME, cut
from orders.domain.orders import Link
from orders.upstreams.reading.decoding import Leaf, text


def read_links(links: Leaf) -> tuple[Link, ...]:
    if not links:
        return ()
    return tuple(
        Link(
            relation=cut(relation, LONGEST_NAME),
            method=text(target.get("method"), "", []),
            uri=text(target.get("uri"), "", []),
        )
        for relation, target in relations(links)
        if isinstance(target, dict)
    )


def relations(links: Leaf) -> Iterable[tuple[str, object]]:
    """Links come as an object keyed by relation, or as a list in which each names its own."""
    if isinstance(links, dict):
        yield from links.items()
    elif isinstance(links, list):
        for entry in links:
            if not isinstance(entry, dict):
                continue
            relation = entry.get("rel") or entry.get("relation") or entry.get("name")
            if isinstance(relation, str):
                yield relation, entry
            elif "uri" not in entry:
                yield from entry.items()
