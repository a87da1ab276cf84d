"""What somebody pasted into the look-up box: IDs in whatever words, or an upstream's whole address.

Words are never taken for IDs: an ID has a digit in it. What can't be told for certain is a choice.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import urlsplit

import msgspec

from orders.domain.descriptions import Description
from orders.domain.identifiers import is_identifier
from orders.domain.pasted_text import (
    CUSTOMER,
    ORDER,
    OTHER,
    Mention,
    Pasted,
    is_strong,
    is_year,
    plain_text,
    read_pasted,
)

LONGEST_ADDRESS = 8192  # characters


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """Where a text leads. `sources` are the upstreams it may mean, the likeliest first.

    Without a `customer_id` it is an order, which neither upstream can find by itself. `query` is the
    upstream's query string, as pasted.
    """

    sources: tuple[str, ...]
    customer_id: str = ""
    order_id: str = ""
    query: str = ""


class LookUp(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a text may mean, the likeliest first; or, in a word, why it means nothing.

    `problem` is `empty`, `mail`, `phone`, `placeholder` or `nothing`; it is blank where something was found.
    """

    found: tuple[Found, ...] = ()
    problem: str = ""


def read_lookup(text: str, descriptions: Sequence[Description], *, chosen: str = "") -> LookUp:
    """Read `text`. `chosen` is the upstream the person picked, if any; an address knows better.

    Two IDs are a customer and one of their orders, unless the words between them say otherwise.
    """
    text = plain_text(text)
    if not text:
        return LookUp(problem="empty")
    addresses = list(dict.fromkeys(_addresses(text, descriptions)))
    if addresses:
        return LookUp(found=tuple(addresses))
    if _is_request(text):
        # Of a request without a customer nothing may be taken: headers are full of digits.
        return LookUp(problem="placeholder" if re.search(r"customers/[<{:]", text) else "nothing")
    named = _names(descriptions)
    pasted = read_pasted(text, named)
    only = named[pasted.systems[0]] if len(pasted.systems) == 1 else ""
    found = [
        Found(
            sources=_sources(mention, customer_id or order_id, descriptions, chosen or only, named),
            customer_id=customer_id,
            order_id=order_id,
        )
        for mention, customer_id, order_id in _roles(pasted.readable, descriptions, is_bare=pasted.is_bare)
    ]
    if found:
        return LookUp(found=tuple(dict.fromkeys(found)))
    return LookUp(problem="mail" if pasted.has_mail else "phone" if pasted.has_phone else "nothing")


def numbers_in(text: str, descriptions: Sequence[Description]) -> Pasted:
    """Every number in a text without addresses: by each an order may be remembered, whatever it is called."""
    text = plain_text(text)
    if not text or _is_request(text) or next(_addresses(text, descriptions), None):
        return Pasted()
    return read_pasted(text, _names(descriptions))


def named_source(mention: Mention, descriptions: Sequence[Description]) -> str:
    """The upstream that a number was named with; empty for none."""
    return _names(descriptions).get(mention.system, "")


def guess(customer_id: str, descriptions: Sequence[Description]) -> tuple[str, ...]:
    """Which upstreams an ID looks like; all of them where it looks like none."""
    likely = [
        description.name
        for description in descriptions
        if description.customer_id_pattern and re.fullmatch(description.customer_id_pattern, customer_id)
    ]
    return tuple(likely or [description.name for description in descriptions])


def _names(descriptions: Sequence[Description]) -> dict[str, str]:
    """What people call an upstream, and its name."""
    short = {each.short_label.lower(): each.name for each in descriptions}
    return {**short, **{each.name: each.name for each in descriptions}}


def _is_request(text: str) -> bool:
    return bool(re.match(r"\W*(?:curl|GET|POST|http)\b", text, re.IGNORECASE)) or _is_path(text)


def _sources(
    mention: Mention, identifier: str, descriptions: Sequence[Description], told: str, named: dict[str, str]
) -> tuple[str, ...]:
    """The upstream that was chosen or is the only one named; else the one named before; else a guess."""
    if told:
        return (told,)
    return (named[mention.system],) if mention.system else guess(identifier, descriptions)


Role = tuple[Mention, str, str]  # with a customer ID, an order ID, or both


def _roles(
    mentions: Sequence[Mention], descriptions: Sequence[Description], *, is_bare: bool
) -> Iterator[Role]:
    """Which ID is a customer's and which an order's: by what they are called, else by their place."""
    customers = [each for each in mentions if each.label == CUSTOMER]
    orders = [each for each in mentions if each.label == ORDER]
    others = [each for each in mentions if not each.label]
    is_told = bool(customers or orders)
    if not is_bare:
        clear = [each for each in others if is_strong(each.identifier)]
        others = clear or ([] if is_told else [each for each in others if _fits_one(each, descriptions)])
    if not is_told and len(others) == 1 and not [each for each in mentions if each.label != OTHER][1:]:
        yield others[0], others[0].identifier, ""
    elif not is_told:
        yield from _unnamed(others, descriptions, is_bare=is_bare)
    else:
        if not customers and orders and others:
            customers, others = others[:1], others[1:]
        elif len(customers) == 1 and not orders:
            orders = [each for each in others if _may_belong(customers[0], each, descriptions)]
            others = [each for each in others if each not in orders]
        yield from _named(mentions, customers, orders)
        yield from ((each, each.identifier, "") for each in others)


def _fits_one(mention: Mention, descriptions: Sequence[Description]) -> bool:
    """Whether a short ID in a sentence has the form of somebody's customers: it could be a product's name."""
    patterns = [each.customer_id_pattern for each in descriptions if each.customer_id_pattern]
    return not is_year(mention.identifier) and any(
        re.fullmatch(pattern, mention.identifier) for pattern in patterns
    )


def _named(
    mentions: Sequence[Mention], customers: Sequence[Mention], orders: Sequence[Mention]
) -> Iterator[Role]:
    """Each order with the last customer before it, else the first; and customers without an order."""
    place = {mention: index for index, mention in enumerate(mentions)}
    taken = set()
    for order in orders:
        before = [each for each in customers if place[each] < place[order]]
        customer = before[-1] if before else customers[0] if customers else None
        taken.add(customer)
        yield customer or order, customer.identifier if customer else "", order.identifier
    yield from ((each, each.identifier, "") for each in customers if each not in taken)


def _unnamed(
    others: Sequence[Mention], descriptions: Sequence[Description], *, is_bare: bool
) -> Iterator[Role]:
    """IDs that nothing is said of. Two alone are a customer and an order; in other words they may be."""
    is_pair = len(others) == 2 and _may_belong(others[0], others[1], descriptions)
    if is_pair:
        yield others[0], others[0].identifier, others[1].identifier
    if not (is_pair and is_bare):
        yield from ((each, each.identifier, "") for each in others)


def _may_belong(customer: Mention, order: Mention, descriptions: Sequence[Description]) -> bool:
    """Whether both can be of one upstream: an ID that only the other one gives can't."""
    if customer.system and order.system:
        return customer.system == order.system
    return bool(set(guess(customer.identifier, descriptions)) & set(guess(order.identifier, descriptions)))


def _addresses(text: str, descriptions: Sequence[Description]) -> Iterator[Found]:
    """Every address of a customer or an order in `text`: an upstream's or ours, whole or only its path."""
    for token in re.split(r"[\s\"'`“”]+", text.replace("&amp;", "&")):
        token = token.strip("<>()[],;").rstrip(".!:")
        if "/" in token and len(token) <= LONGEST_ADDRESS:
            yield from _read_address(token, descriptions)


def _read_address(token: str, descriptions: Sequence[Description]) -> Iterator[Found]:
    """The address in `token`, if it is one; the host isn't asked about."""
    begins_with_host = re.match(r"[\w-]+(?:\.[\w-]+)+(?::\d+)?/|localhost(?::\d+)?/", token)
    if begins_with_host:
        token = f"https://{token}"
    elif not token.startswith("/") and "://" not in token:
        token = f"/{token}"
    try:
        parts = urlsplit(token)
    except ValueError:
        return
    for description in descriptions:
        match = re.search(f"(?:{description.address_pattern})/?$", parts.path)
        if description.address_pattern and match:
            given = match.groupdict()
            yield from _found((description.name,), given["customer"], given.get("order") or "", parts.query)
            return
    yield from _read_path(parts.path, parts.query, descriptions)


def _read_path(path: str, query: str, descriptions: Sequence[Description]) -> Iterator[Found]:
    """`…/customers/<id>` with or without `/orders` and an order's ID behind it, and `…/orders/<id>`."""
    steps = path.strip("/").split("/")
    if "customers" in steps:
        place = steps.index("customers")
        before, behind = steps[:place], steps[place + 1 :]
        if not behind:
            return
        customer_id, rest = behind[0], behind[1:]
        sources = _sources_of_path(before, customer_id, descriptions)
        is_history = rest in ([], ["orders"], ["orders", "export"])
        if is_history or (rest[0] != "orders" and not _has_digit(rest[0])):
            # Of what else there is of a customer, the portal has the customer.
            yield from _found(sources, customer_id, "", query if is_history else "")
        elif len(rest) <= 2 and (len(rest) == 1) == (rest[0] != "orders"):
            yield from _found(sources, customer_id, rest[-1], query)
    elif len(steps) > 1 and steps[-2] == "orders" and _has_digit(steps[-1]) and is_identifier(steps[-1]):
        sources = _sources_of_path(steps[:-2], steps[-1], descriptions)
        if sources:
            yield Found(sources=sources, order_id=steps[-1])


def _sources_of_path(
    before: Sequence[str], identifier: str, descriptions: Sequence[Description]
) -> tuple[str, ...]:
    """Whose address begins like that; a guess where only a version stands there; else nobody's."""
    if before and before[-1] in {description.name for description in descriptions}:
        return (before[-1],)
    usual = f"/{'/'.join((*before, 'customers'))}/1/orders"
    known = [each.name for each in descriptions if re.search(f"(?:{each.address_pattern})$", usual)]
    if known:
        return tuple(known[:1])
    return guess(identifier, descriptions) if all(re.fullmatch(r"v\d+", step) for step in before) else ()


def _found(sources: tuple[str, ...], customer_id: str, order_id: str, query: str) -> Iterable[Found]:
    if not sources or not is_identifier(customer_id) or not (is_identifier(order_id) or not order_id):
        return []
    return [Found(sources=sources, customer_id=customer_id, order_id=order_id, query=query)]


def _has_digit(text: str) -> bool:
    return any(sign.isdigit() for sign in text)


def _is_path(text: str) -> bool:
    return not re.search(r"\s", text) and re.search(r"/[A-Za-z_{<:]", text) is not None
