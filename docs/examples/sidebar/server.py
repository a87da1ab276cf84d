"""A help desk's sidebar that shows a customer's orders, with the portal's token kept on this side.

Needs Python alone: PORTAL=https://portal.example TOKEN=opt_… python server.py [port]. It serves the page to
this machine; behind a help desk, put it where only signed-in agents come, since it shows what the token may.
"""

import json
import os
import re
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlsplit
from urllib.request import Request, urlopen

PORTAL, TOKEN = os.environ["PORTAL"], os.environ["TOKEN"]
HERE = Path(__file__).parent
FILES = {
    "/": ("index.html", "text/html"),
    "/sidebar.js": ("sidebar.js", "text/javascript"),
    "/sidebar.css": ("sidebar.css", "text/css"),
}
# What the page needs, and no more of what the portal says.
SHOWN = ("orderId", "status", "statusMeaning", "creationDate", "scheduledDate", "attention", "nextAttempt")
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-ancestors 'self'"


class Sidebar(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        address = urlsplit(self.path)
        if address.path in FILES:
            name, kind = FILES[address.path]
            self._send(200, f"{kind}; charset=utf-8", (HERE / name).read_bytes())
        elif address.path == "/orders":
            given = {name: values[-1] for name, values in parse_qs(address.query).items()}
            status, answer = orders(given.get("source", ""), given.get("customer", ""))
            self._send(status, "application/json", json.dumps(answer).encode())
        else:
            self._send(404, "text/plain", b"")

    def _send(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)


def ask(path: str) -> dict[str, Any]:
    """Raises `HTTPError` with the portal's own problem in it, or `OSError`."""
    request = Request(f"{PORTAL}/api/v1/{path}", headers={"Authorization": f"Bearer {TOKEN}"})  # noqa: S310  (the portal's own address)
    with urlopen(request, timeout=15) as response:  # noqa: S310
        answer: dict[str, Any] = json.load(response)
    return answer


def who(source: str, customer: str) -> str:
    """Who the customer is, in a line; nothing where it can't be told: the orders stand without it."""
    if source != "adobe":
        return ""
    try:
        told = ask(f"adobe/customers/{customer}")
    except OSError:
        return ""
    return ", ".join(filter(None, (told["companyName"], told["statusMeaning"], told["termWords"])))


def orders(source: str, customer: str) -> tuple[int, dict[str, object]]:
    """The customer's newest orders, or the portal's own words for why there are none."""
    if source not in {"adobe", "fabric"} or not re.fullmatch(r"[\w.-]{1,64}", customer, re.ASCII):
        return 400, {"title": "Give a customer's ID."}
    try:
        answer = ask(f"{source}/customers/{customer}/orders?limit=5")
    except HTTPError as refused:
        problem = json.load(refused)
        return refused.code, {"title": problem["title"]}
    except OSError:
        return 502, {"title": "The portal does not answer."}
    items = [{name: each.get(name) for name in SHOWN} for each in answer["items"]]
    link = f"{PORTAL}/{source}/customers/{customer}/orders/"
    kept = {name: answer[name] for name in ("totalCount", "freshness", "age")}
    return 200, {**kept, "who": who(source, customer), "items": items, "link": link}


if __name__ == "__main__":
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 8700
    ThreadingHTTPServer(("127.0.0.1", port), Sidebar).serve_forever()
