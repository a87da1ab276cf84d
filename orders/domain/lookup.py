"""What somebody pasted into the look-up box: an ID, two IDs, or an upstream's whole address."""

import re
from collections.abc import Sequence
from urllib.parse import unquote, urlsplit

import msgspec

from orders.domain.descriptions import Description
from orders.domain.identifiers import is_identifier


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """Where the text leads. `sources` are the upstreams it may mean, the likeliest first.

    `query` is the upstream's query string, as pasted.
    """

    sources: tuple[str, ...]
    customer_id: str
    order_id: str = ""
    query: str = ""


def read_lookup(text: str, descriptions: Sequence[Description], *, chosen: str = "") -> Found | None:
    """Read `text`; None where it holds no usable ID. `chosen` is the upstream the person picked, if any.

    Two IDs, apart by a space, comma or slash, are a customer and one of their orders.
    """
    text = re.sub(r"^\s*(?:curl\s+)?(?:GET\s+)?", "", text, flags=re.IGNORECASE).strip(" \t\r\n'\"<>")
    address = _read_address(text, descriptions)
    if address is not None:
        return address
    parts = [part for part in re.split(r"[\s,;/]+", text) if part]
    if not 1 <= len(parts) <= 2 or not all(is_identifier(part) for part in parts):
        return None
    customer_id, order_id = parts[0], parts[1] if len(parts) == 2 else ""
    sources = (chosen,) if chosen else guess(customer_id, descriptions)
    return Found(sources=sources, customer_id=customer_id, order_id=order_id)


def guess(customer_id: str, descriptions: Sequence[Description]) -> tuple[str, ...]:
    """Which upstreams an ID looks like; all of them where it looks like none."""
    likely = [
        description.name
        for description in descriptions
        if description.customer_id_pattern and re.fullmatch(description.customer_id_pattern, customer_id)
    ]
    return tuple(likely or [description.name for description in descriptions])


def _read_address(text: str, descriptions: Sequence[Description]) -> Found | None:
    """An upstream's (or our own) address, whole or only its path; the host isn't asked about."""
    if "/" not in text:
        return None
    if not text.startswith("/") and "://" not in text:
        text = "https://" + text
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    ours = r"/(?P<source>[a-z][a-z0-9]*)/customers/(?P<customer>[^/]+)/orders(?:/(?P<order>[^/]+))?"
    patterns = [(description.name, description.address_pattern) for description in descriptions]
    names = {description.name for description in descriptions}
    for name, pattern in [*patterns, ("", ours)]:
        match = re.search(f"(?:{pattern})/?$", parts.path) if pattern else None
        if match is None:
            continue
        groups = match.groupdict()
        customer_id, order_id = unquote(groups["customer"]), unquote(groups.get("order") or "")
        source = name or groups.get("source", "")
        if source not in names or not is_identifier(customer_id):
            return None
        if order_id and not is_identifier(order_id):
            return None
        return Found(sources=(source,), customer_id=customer_id, order_id=order_id, query=parts.query)
    return None
