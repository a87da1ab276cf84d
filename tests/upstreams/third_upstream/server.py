"""Parcel House itself: 23 parcels of one client over real HTTP."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

TOKEN = "parcel-token-0123456789"
CLIENT = "CL-7"
PARCELS = [
    {
        "id": f"P{number:03d}",
        "state": "LOST" if number % 5 == 0 else "SENT",
        "made": f"2026-10-{1 + number:02d}T08:00:00Z",
        "items": [{"name": f"Box {number}", "pieces": number}],
    }
    for number in range(23)
]


class House(ThreadingHTTPServer):
    """`failing` is the status that every answer has from now on; `asked` are the targets so far."""

    daemon_threads = True
    failing = 0

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: House
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        status, body = self._answer()
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _answer(self) -> tuple[int, Any]:
        if self.headers["Authorization"] != f"Bearer {TOKEN}" or self.headers["X-House"] != "portal":
            return 401, {"why": "Who are you?"}
        if self.server.failing:
            return self.server.failing, {"why": "The house is closed today."}
        parts = urlsplit(self.path)
        segments = parts.path.strip("/").split("/")
        given = parse_qs(parts.query)
        match segments:
            case ["api", "clients", "CL-7", "parcels"]:
                rows = [row for row in PARCELS if row["state"] in given.get("state", [row["state"]])]
                skip, take = int(given["skip"][0]), int(given["take"][0])
                return 200, {"count": len(rows), "rows": rows[skip : skip + take]}
            case ["api", "clients", "CL-7", "parcels", wanted]:
                found = [row for row in PARCELS if row["id"] == wanted]
                return (200, found[0]) if found else (404, {"why": "No such parcel."})
            case ["api", "me"]:
                return 200, {"name": "portal"}
        return 404, {"why": "No such client."}

    def log_message(self, *args: Any) -> None:
        """Nothing on standard error."""


@contextmanager
def house() -> Iterator[House]:
    server = House()
    thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
