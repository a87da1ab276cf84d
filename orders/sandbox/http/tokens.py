"""The token endpoints of both vendors (client credentials), and which tokens are good."""

import base64
import binascii
import itertools
import threading
import time

from orders.sandbox import credentials
from orders.sandbox.http.messages import Answer, Request, json_answer
from orders.sandbox.http.vendor_errors import token_error

LIFETIMES = {"adobe": 86399, "fabric": 600}
FIXED = {
    "adobe": credentials.ADOBE_ACCESS_TOKEN,
    "fabric": credentials.FABRIC_ACCESS_TOKEN,
}


class TokenDesk:
    def __init__(self) -> None:
        self.lifetime: int | None = None
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self._issued: dict[tuple[str, str], float] = {}

    def accepts(self, source: str, token: str) -> bool:
        if token == FIXED[source]:
            return True
        with self._lock:
            return self._issued.get((source, token), 0.0) > time.monotonic()

    def revoke(self) -> None:
        """Refuse every token issued so far; the fixed ones stay good."""
        with self._lock:
            self._issued.clear()

    def answer(self, source: str, request: Request) -> Answer:
        if request.method != "POST":
            return token_error(405, "invalid_request", "Use POST").with_headers(Allow="POST")
        form = request.form
        if form.get("grant_type") != "client_credentials":
            return token_error(400, "unsupported_grant_type", "Only client_credentials is offered")
        if source == "adobe":
            return self._answer_adobe(form)
        return self._answer_fabric(form, request.headers.get("authorization", ""))

    def _answer_adobe(self, form: dict[str, str]) -> Answer:
        given = (form.get("client_id"), form.get("client_secret"))
        if given != (credentials.ADOBE_CLIENT_ID, credentials.ADOBE_CLIENT_SECRET):
            return token_error(400, "invalid_client", "Unknown client, or a wrong secret")
        allowed = set(credentials.ADOBE_SCOPES.split(","))
        asked = {scope.strip() for scope in form.get("scope", "").split(",")}
        if not asked <= allowed:
            return token_error(400, "invalid_scope", "The scopes are not granted to this client")
        token, seconds = self._issue("adobe")
        return json_answer(200, {"access_token": token, "token_type": "bearer", "expires_in": seconds})

    def _answer_fabric(self, form: dict[str, str], authorization: str) -> Answer:
        expected = f"{credentials.FABRIC_CLIENT_ID}:{credentials.FABRIC_CLIENT_SECRET}"
        if _basic(authorization) != expected:
            return token_error(401, "invalid_client", "Unknown client, or a wrong secret")
        token, seconds = self._issue("fabric")
        scope = form.get("scope", "s2s")
        return json_answer(
            200,
            {
                "token_type": "Bearer",
                "expires_in": seconds,
                "access_token": token,
                "scope": scope,
            },
        )

    def _issue(self, source: str) -> tuple[str, int]:
        seconds = LIFETIMES[source] if self.lifetime is None else self.lifetime
        token = f"sandbox-{source}-issued-token-{next(self._numbers):04d}"
        with self._lock:
            self._issued[source, token] = time.monotonic() + seconds
        return token, seconds


def _basic(authorization: str) -> str:
    scheme, _, value = authorization.partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(value, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""
