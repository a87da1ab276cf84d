"""How Adobe is asked, and what its refusals say.

https://developer.adobe.com/vipmp/docs/order-management/get-order/ and …/references/error-handling/
"""

import re
from http import HTTPStatus

from orders.domain.queries import AdobeOrderQuery, PageRequest
from orders.upstreams.base import Problem
from orders.upstreams.reading.decoding import segment, text
from orders.upstreams.reading.error_bodies import is_told_by_status, load_problem, message, plain_message

PARAMETERS = (
    "order-type",
    "reseller-id",
    "status",
    "reference-order-id",
    "offer-id",
    "start-date",
    "end-date",
    "limit",
    "offset",
    "fetch-price",
)

_OUT_OF_RANGE = "1133"
_NOT_FOUND = frozenset({"1116", "2115"})
_NOT_THIS_PARTNERS = "4121"
_OF_OUR_IDENTIFIERS = frozenset({"4119", "4120"})
# Adobe's own codes are four digits, or, since 2025, words. Its gateway's have six digits and another key.
_CODE = re.compile(r"[0-9]{4}|[A-Z]+(?:_[A-Z]+)+")


def customer_path(customer_id: str) -> str:
    return f"/v3/customers/{segment(customer_id)}"


def subscriptions_path(customer_id: str) -> str:
    return f"{customer_path(customer_id)}/subscriptions"


def list_path(customer_id: str) -> str:
    return f"{customer_path(customer_id)}/orders"


def order_path(customer_id: str, order_id: str) -> str:
    return f"{list_path(customer_id)}/{segment(order_id)}"


def params(query: AdobeOrderQuery, page_request: PageRequest) -> list[tuple[str, str]]:
    """The documented parameters, repeated where several values mean 'any of these'."""
    asked = [("limit", str(page_request.limit)), ("offset", str(page_request.offset))]
    asked += [("order-type", value) for value in query.order_types]
    asked += [("reseller-id", query.reseller_id)]
    asked += [("status", value) for value in query.statuses]
    asked += [("reference-order-id", query.reference_order_id)]
    asked += [("offer-id", value) for value in query.offer_ids]
    asked += [("start-date", query.created_from), ("end-date", query.created_to)]
    asked += [("fetch-price", "true" if query.with_prices else "")]
    return [(name, value) for name, value in asked if value]


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
