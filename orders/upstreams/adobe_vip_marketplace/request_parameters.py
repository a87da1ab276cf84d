"""How Adobe is asked, and what its refusals say.

https://developer.adobe.com/vipmp/docs/order-management/get-order/ and …/references/error-handling/
"""

import re
from http import HTTPStatus
from typing import Annotated, NamedTuple, get_type_hints

from orders.domain.queries import OrderQuery, PageRequest
from orders.upstreams.base import Problem
from orders.upstreams.reading.decoding import segment, text
from orders.upstreams.reading.error_bodies import is_told_by_status, load_problem, message, plain_message

PRICE_LIST = "/v3/pricelist"
PRICE_PARAMETER = "fetch-price"
_OUT_OF_RANGE = "1133"
_NOT_FOUND = frozenset({"1115", "1116", "1162", "2115"})
_NOT_THIS_PARTNERS = "4121"
_OF_OUR_IDENTIFIERS = frozenset({"4119", "4120"})
# Adobe's own codes are four digits, or, since 2025, words. Its gateway's have six digits and another key.
_CODE = re.compile(r"[0-9]{4}|[A-Z]+(?:_[A-Z]+)+")


class Sent(NamedTuple):
    """The parameter that a field of the query is sent as."""

    parameter: str


class AdobeOrderQuery(OrderQuery, frozen=True, kw_only=True):
    """The filters of Adobe's order history. Several values of one field mean 'any of these'.

    `created_from` and `created_to` are sent as they stand: `YYYY-MM-DD` (which Adobe reads as midnight
    UTC) or an instant with `Z`. Empty means Adobe's default: the start of the current term, and now.
    `with_prices` takes no order away. `lines_mixed` is no filter of Adobe's: it is applied here, and only to
    a result that is all there.
    """

    order_types: Annotated[tuple[str, ...], Sent("order-type")] = ()
    reseller_id: Annotated[str, Sent("reseller-id")] = ""
    statuses: Annotated[tuple[str, ...], Sent("status")] = ()
    reference_order_id: Annotated[str, Sent("reference-order-id")] = ""
    offer_ids: Annotated[tuple[str, ...], Sent("offer-id")] = ()
    created_from: Annotated[str, Sent("start-date")] = ""
    created_to: Annotated[str, Sent("end-date")] = ""
    with_prices: Annotated[bool, Sent(PRICE_PARAMETER)] = False
    lines_mixed: bool = False


# By field of the query; one that isn't here is applied by us.
SENT: dict[str, str] = {
    field: note.parameter
    for field, hint in get_type_hints(AdobeOrderQuery, include_extras=True).items()
    for note in getattr(hint, "__metadata__", ())
    if isinstance(note, Sent)
}
PARAMETERS = ("limit", "offset", *SENT.values())


def customer_path(customer_id: str) -> str:
    return f"/v3/customers/{segment(customer_id)}"


def subscriptions_path(customer_id: str) -> str:
    return f"{customer_path(customer_id)}/subscriptions"


def reseller_customers_path(reseller_id: str) -> str:
    return f"/v3/resellers/{segment(reseller_id)}/customers"


def list_path(customer_id: str) -> str:
    return f"{customer_path(customer_id)}/orders"


def order_path(customer_id: str, order_id: str) -> str:
    return f"{list_path(customer_id)}/{segment(order_id)}"


def params(query: AdobeOrderQuery, page_request: PageRequest) -> list[tuple[str, str]]:
    """The documented parameters, repeated where several values mean 'any of these'."""
    asked = [("limit", str(page_request.limit)), ("offset", str(page_request.offset))]
    for field, parameter in SENT.items():
        asked += [(parameter, value) for value in _as_sent(getattr(query, field))]
    return asked


def _as_sent(value: tuple[str, ...] | str | bool) -> list[str]:
    """Each value as Adobe reads it; nothing for what asks for everything."""
    if isinstance(value, bool):
        return ["true"] if value else []
    values = [value] if isinstance(value, str) else value
    return [each for each in values if each]


def read_problem(status: int, body: bytes) -> Problem:
    """Adobe's service, its gateway and its token service each have their own error body."""
    loaded = load_problem(body)
    if loaded is None:
        return Problem(cause=_cause(status, ""), message=plain_message(body))
    code = (
        text(loaded.get("code"), "", [])
        or text(loaded.get("error_code"), "", [])
        or text(loaded.get("error"), "", [])
    )
    details = _texts(loaded.get("additionalDetails"))
    said = message(loaded.get("message") or loaded.get("error_description"), ", ".join(details))
    return Problem(
        cause=_cause(status, text(loaded.get("code"), "", [])),
        code=message(code),
        message=said,
        parameter=_parameter(_texts(loaded.get("invalidFields")), details),
    )


def _is_adobes(code: str) -> bool:
    """Whether the service itself refused; a web server or a gateway has no such code."""
    return bool(_CODE.fullmatch(code)) and code not in HTTPStatus.__members__


def _cause(status: int, code: str) -> str:
    if status == 400 and code == _OUT_OF_RANGE:
        return "out-of-range"
    if status in {400, 404} and code in _NOT_FOUND:
        return "not-found"
    if status == 403 and code == _NOT_THIS_PARTNERS:
        return "not-this-partner"
    if code in _OF_OUR_IDENTIFIERS:
        return "our-fault"
    if is_told_by_status(status):
        return ""
    if not _is_adobes(code):
        return "wrong-address"
    return "not-found" if status == 404 else "bad-request"


def _texts(value: object) -> list[str]:
    """All texts in a list of texts or of objects; Adobe has promised neither."""
    given = value if isinstance(value, list) else [value]
    found = []
    for entry in given[:20]:
        parts = entry.values() if isinstance(entry, dict) else [entry]
        found += [part for part in parts if isinstance(part, str) and part]
    return found


def _loose(name: str) -> str:
    """`order-type`, `orderType` and `order_type` alike."""
    return re.sub(r"[^a-z]", "", name.lower())


_BY_LOOSE_NAME = {_loose(name): name for name in PARAMETERS}
_WORDS = re.compile(r"[A-Za-z][A-Za-z_-]*")


def _parameter(fields: list[str], details: list[str]) -> str:
    """The one documented parameter the answer names; empty if it names none or several."""
    for texts in (fields, details):
        named = {
            name
            for said in texts
            for word in _WORDS.findall(said[:1000])
            if (name := _BY_LOOSE_NAME.get(_loose(word)))
        }
        if named:
            return named.pop() if len(named) == 1 else ""
    return ""
