"""The sandbox's own pages under /_sandbox, for people and for tests in another process."""

import json
from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING, Any

from orders.sandbox import customers, large_book
from orders.sandbox.http.faults import WORDS
from orders.sandbox.http.messages import Answer, Request, json_answer

if TYPE_CHECKING:
    from orders.sandbox.http.server import SandboxServer

_DONE = Answer(204)


def control_answer(sandbox: "SandboxServer", request: Request) -> Answer:
    try:
        return _answer(sandbox, request)
    except (ValueError, KeyError, TypeError) as error:
        return json_answer(400, {"error": f"{type(error).__name__}: {error}"})


def _answer(sandbox: "SandboxServer", request: Request) -> Answer:
    match request.method, request.path:
        case "GET", "/":
            return Answer(200, index_page().encode(), "text/html; charset=utf-8")
        case "GET", "/_sandbox/customers":
            return json_answer(200, customers_table())
        case "GET", "/_sandbox/requests":
            return json_answer(200, [entry.as_json() for entry in sandbox.requests])
        case "DELETE", "/_sandbox/requests":
            sandbox.clear_log()
        case "GET", "/_sandbox/faults":
            return json_answer(200, {"words": sorted(WORDS), "pending": sandbox.pending_faults})
        case "POST", "/_sandbox/faults":
            given = _object(request)
            sandbox.script(
                given["source"],
                given["script"],
                customer_id=given.get("customer_id"),
                path_contains=given.get("path_contains"),
            )
        case "DELETE", "/_sandbox/faults":
            sandbox.clear_faults()
        case "POST", "/_sandbox/orders":
            _add_orders(sandbox, _object(request))
        case "DELETE", "/_sandbox/orders":
            sandbox.forget_added_orders()
        case "POST", "/_sandbox/latency":
            sandbox.latency = float(_object(request)["seconds"])
        case "DELETE", "/_sandbox/tokens":
            sandbox.revoke_tokens()
        case "GET", "/_sandbox/triggered":
            return json_answer(200, sandbox.triggered)
        case "POST", "/_sandbox/clear":
            sandbox.clear()
        case _:
            return json_answer(404, {"error": "no such control"})
    return _DONE


def _add_orders(sandbox: "SandboxServer", given: Mapping[str, Any]) -> None:
    if given["source"] == "adobe":
        sandbox.add_adobe_orders(given["customer_id"], given["orders"])
    elif given["source"] == "fabric":
        sandbox.add_fabric_orders(
            given["customer_id"],
            given["orders"],
            dialect=given.get("dialect", "live"),
            honours_paging=given.get("honours_paging", True),
        )
    else:
        raise ValueError("source is adobe or fabric")


def _object(request: Request) -> Mapping[str, Any]:
    value = json.loads(request.body)
    if not isinstance(value, dict):
        raise TypeError("a JSON object is expected")
    return value


def customers_table() -> list[dict[str, str]]:
    return [
        {"id": customer.id, "source": customer.source, "shows": customer.shows} for customer in customers.ALL
    ]


def index_page() -> str:
    rows = "\n".join(
        f"<tr><td>{customer.source}</td><td><code>{customer.id}</code></td>"
        f"<td>{escape(customer.shows)}</td></tr>"
        for customer in customers.ALL
    )
    return f"""<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>Sandbox upstreams</title></head>
<body>
<h1>Sandbox upstreams</h1>
<p>A double of two order APIs. Look these customers up in the portal.</p>
<p>Beside them there are {large_book.ADOBE_COUNT:,} customers of adobe, from
<code>{large_book.adobe_customer(0)}</code> on, and {large_book.FABRIC_COUNT:,} of fabric, from
<code>{large_book.fabric_customer(0)}</code> on, numbered through;
their orders come and change by the clock.</p>
<table>
<caption>Customers</caption>
<thead><tr><th scope="col">Source</th><th scope="col">Customer ID</th>
<th scope="col">What it shows</th></tr></thead>
<tbody>
{rows}
</tbody>
</table>
</body>
</html>
"""
