"""Asks the portal and writes down what came back, one file per address."""

import re
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

import requests

from tests.contracts.demo_process import DemoProcess
from tests.contracts.normal_form import normal_form
from tests.demo import form_token

ANONYMOUS = "anonymous"
_PATIENCE = 120.0
_LONGEST_NAME = 150
_IN_NAMES = " =&,;:+@()'-._~?%"
_HTML = "text/html,application/xhtml+xml,*/*;q=0.8"


class Visitor:
    """Somebody with a browser; signs in on the first request, unless they are `anonymous`."""

    def __init__(self, demo: DemoProcess, name: str) -> None:
        self.name = name
        self._demo = demo
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.headers["Accept"] = _HTML
        # A server may close an idle connection at the very moment at which the next request is sent.
        self._session.headers["Connection"] = "close"
        self._csrf = ""
        if name != ANONYMOUS:
            self._sign_in()

    def _sign_in(self) -> None:
        password = self._demo.passwords[self.name]
        answer = self.send(
            "POST", "/accounts/login/", {"login": self.name, "username": self.name, "password": password}
        )
        if answer.status_code != 302:
            raise RuntimeError(f"{self.name} could not sign in: {answer.status_code}")
        self._csrf = ""  # a sign-in makes it void

    def send(
        self,
        method: str,
        address: str,
        data: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> requests.Response:
        """The answer itself, wherever it leads. A form is sent with the token of the sign-in page."""
        if method == "POST":
            data = {"csrfmiddlewaretoken": self._csrf_token(), **(data or {})}
        # A prepared address: what is odd in it has to arrive as it is.
        request = self._session.prepare_request(
            requests.Request(method, self._demo.url + "/", data=data, headers=dict(headers or {}))
        )
        request.url = self._demo.url + address
        return self._session.send(request, allow_redirects=False, timeout=_PATIENCE)

    def _csrf_token(self) -> str:
        if not self._csrf:
            # Whoever is signed in already is led from here to a page with a form.
            page = self._session.get(self._demo.url + "/accounts/login/", timeout=_PATIENCE)
            self._csrf = form_token(page.text)
        return self._csrf


class Recording:
    """Writes answers below `directory`. `upstream`, where given, is the one whose calls are noted."""

    def __init__(self, demo: DemoProcess, directory: Path, *, upstream: str = "") -> None:
        self.demo = demo
        self._directory = directory
        self._upstream = upstream
        self._visitors: dict[str, Visitor] = {}
        self._seen = 0
        self._hosts = {
            demo.url: "http://portal",
            demo.sandbox_url: "http://sandbox",
            urlsplit(demo.url).netloc: "portal",
            urlsplit(demo.sandbox_url).netloc: "sandbox",
        }
        # Its own requests have to be told from those of another recording beside it.
        if upstream:
            self._seen = len(self._calls())

    def visitor(self, name: str) -> Visitor:
        if name not in self._visitors:
            self._visitors[name] = Visitor(self.demo, name)
        return self._visitors[name]

    def ask(
        self,
        who: str,
        address: str,
        *,
        method: str = "GET",
        data: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        known_as: str = "",
        notes_calls: bool = True,
    ) -> requests.Response:
        """Ask and write down; `known_as` is the address to write it under, where it is new each time.

        Without `notes_calls` what it makes others ask of the upstreams is left to the next one.
        """
        response = self.visitor(who).send(method, address, data, headers)
        details = [f"{name}={value}" for name, value in sorted({**(data or {}), **(headers or {})}.items())]
        path = self._directory / who / file_name(method, known_as or address, details)
        if path.exists():
            raise RuntimeError(f"asked twice: {who} {method} {address} {details}")
        path.parent.mkdir(parents=True, exist_ok=True)
        asked = " ".join([who, method, known_as or address, *details])
        calls = self._calls() if notes_calls else []
        path.write_text("\n".join([asked, *calls, *normal_form(response, self._hosts)]) + "\n")
        return response

    def note(self, name: str, lines: list[str]) -> None:
        """Write down something that is no answer."""
        (self._directory / name).write_text("\n".join(lines) + "\n")

    def settle(self, source: str, customer_id: str) -> None:
        """Let a good answer end the upstream's row of failures, unrecorded."""
        self.visitor("admin").send("GET", f"/{source}/customers/{customer_id}/orders/")
        self._calls()

    def _calls(self) -> list[str]:
        """What the upstreams were asked since the last look: each different call once.

        How often one was repeated depends on how fast this machine is.
        """
        calls = self.demo.upstream_calls()
        if self._upstream:
            ours = [call for call in calls if call["source"].startswith(self._upstream)]
            calls, self._seen = ours[self._seen :], len(ours)
        elif calls:
            self.demo.forget_upstream_calls()
        # Which of several processes fetches a token, and when, is nobody's business.
        asked = [call for call in calls if not call["source"].endswith("-token")]
        return sorted({f"upstream: {call['method']} {call['raw_target']}" for call in asked})


def file_name(method: str, address: str, details: Sequence[str] = ()) -> str:
    """A path that tells the address at sight, and that every file system takes."""
    path, mark, query = address.partition("?")
    name = quote(f"{method}{mark}{query}{' ' if details else ''}{'&'.join(details)}", safe=_IN_NAMES)
    if not path.endswith("/"):
        name += " without slash"
    if len(name) > _LONGEST_NAME:
        name = f"{name[:_LONGEST_NAME]}~{sha256(name.encode()).hexdigest()[:8]}"
    parts = [quote(part, safe=_IN_NAMES)[:_LONGEST_NAME] or "_" for part in path.strip("/").split("/")]
    return "/".join([*(f"{part}_" if part in {".", ".."} else part for part in parts), f"{name}.txt"])


def links(response: requests.Response, pattern: str) -> list[str]:
    """Addresses in this page that match, in its order, each once."""
    found = re.findall(rf'href="({pattern})"', response.text)
    return list(
        dict.fromkeys(urljoin(urlsplit(response.url).path, each.replace("&amp;", "&")) for each in found)
    )
