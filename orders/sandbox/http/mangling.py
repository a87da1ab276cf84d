"""Faults inside a well-delivered answer: links, counters and types that are not what they say."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from orders.sandbox.http.messages import Answer, dump

Mangler = Callable[[Answer, str, int], Answer]
# A list of orders loses this many rows under `short-page`.
ROWS_WITHHELD = 3


def _body(answer: Answer) -> dict[str, Any] | None:
    """The answer's JSON object, or None where the fault has nothing to bite on."""
    if answer.status != 200:
        return None
    value = json.loads(answer.body)
    return value if isinstance(value, dict) else None


def _links(change: Callable[[str, str], str]) -> Mangler:
    def mangle(answer: Answer, base: str, _: int) -> Answer:
        body = _body(answer)
        if body is None or "links" not in body:
            return answer
        for link in body["links"].values():
            link["uri"] = change(link["uri"], base)
        return replace(answer, body=dump(body).encode())

    return mangle


def _encode_again(uri: str, _: str) -> str:
    path, _, query = uri.partition("?")
    pairs = (pair.partition("=") for pair in query.split("&"))
    return path + "?" + "&".join(f"{name}={quote(value, safe='')}" for name, _, value in pairs)


def _no_links(answer: Answer, base: str, number: int) -> Answer:
    body = _body(answer)
    if body is None:
        return answer
    body.pop("links", None)
    return replace(answer, body=dump(body).encode())


def _short_page(answer: Answer, base: str, number: int) -> Answer:
    body = _body(answer)
    if body is None:
        return answer
    if isinstance(body.get("items"), list):
        body["items"] = body["items"][: max(len(body["items"]) - ROWS_WITHHELD, 1)]
        body["count"] = len(body["items"])
    elif isinstance(body.get("data"), dict):
        orders = body["data"].get("orders") or []
        body["data"]["orders"] = orders[: max(len(orders) - ROWS_WITHHELD, 1)]
    return replace(answer, body=dump(body).encode())


def _moving_total(answer: Answer, base: str, number: int) -> Answer:
    body = _body(answer)
    if body is None:
        return answer
    if "totalCount" in body:
        body["totalCount"] += number
    elif isinstance(body.get("data"), dict) and "query" in body["data"]:
        body["data"]["query"]["totalOrders"] += number
    return replace(answer, body=dump(body).encode())


def _count_mismatch(answer: Answer, base: str, number: int) -> Answer:
    body = _body(answer)
    if body is None:
        return answer
    if "count" in body:
        body["count"] += 1
    elif isinstance(body.get("data"), dict) and "query" in body["data"]:
        body["data"]["query"]["totalOrders"] += 1
    return replace(answer, body=dump(body).encode())


def _wrong_type(answer: Answer, base: str, number: int) -> Answer:
    return replace(answer, content_type="text/plain")


MANGLERS: dict[str, Mangler] = {
    "bad-links": _links(_encode_again),
    "absolute-links": _links(lambda uri, base: base + uri),
    "no-links": _no_links,
    "short-page": _short_page,
    "moving-total": _moving_total,
    "count-mismatch": _count_mismatch,
    "wrong-type": _wrong_type,
}
