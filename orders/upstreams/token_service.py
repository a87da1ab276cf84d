"""Asks a token service for a token, by the OAuth 2.0 client credentials grant."""

import base64
import random
import re
import time
from collections.abc import Callable
from typing import Any, Literal
from urllib.parse import urlencode, urlsplit

import msgspec

from orders.domain.errors import BadAnswer, CredentialsRefused, TimedOut, UpstreamError
from orders.domain.redaction import Redactor
from orders.upstreams import verdicts
from orders.upstreams.addresses import check_header
from orders.upstreams.base import Problem
from orders.upstreams.transport import Limits, Sender
from orders.upstreams.verdicts import Outcome, Reply, Silence

_SHORTEST_ATTEMPT = 0.05
_LIFE_IF_UNSAID = 300.0
_LONGEST_LIFE = 7 * 86400.0
_LONGEST_TOKEN = 16_000
_LONGEST_ANSWER = 1 << 20

# OAuth's own words for what is wrong, such as `invalid_client`; anything else might quote a secret.
_ERROR_WORD = re.compile(r"[a-z]+(?:_[a-z]+){1,4}")


class Grant(msgspec.Struct, frozen=True):
    """A new token and how many seconds it lives."""

    token: str
    seconds: float

    def __repr__(self) -> str:
        return f"<Grant for {self.seconds:.0f} s>"


class TokenService:
    """One token service, with the credentials it knows us by.

    `secret_in` says where the client secret goes: `body` beside the other form fields (Adobe
    IMS), or `basic` for an HTTP Basic header (fabric Identity).
    """

    def __init__(
        self,
        *,
        source: str,
        url: str,
        client_id: str,
        client_secret: str,
        scope: str,
        secret_in: Literal["body", "basic"],
        limits: Limits,
        redactor: Redactor,
        sender: Sender | None = None,
        sleep: Callable[[float], None] = time.sleep,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        """Raises `ValueError`, without the value, for an address that cannot be asked."""
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username:
            raise ValueError("a token URL must begin with http:// or https:// and name a host")
        self.source = source
        self.identity = f"{url}\n{client_id}\n{client_secret}\n{scope}"
        self._url = url
        self._limits = msgspec.structs.replace(limits, max_body=_LONGEST_ANSWER)
        self._sender = sender if sender is not None else Sender()
        self._sleep = sleep
        self._jitter = jitter
        self._headers = {
            "User-Agent": "orders-portal",
            "Accept": "application/json",
            "Accept-Encoding": "gzip",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        form = {"grant_type": "client_credentials"}
        if secret_in == "basic":  # noqa: S105  (a place, not a secret)
            pair = base64.b64encode(f"{client_id}:{client_secret}".encode()).decode()
            redactor.add(pair, lasting=True)
            self._headers["Authorization"] = f"Basic {pair}"
        else:
            form |= {"client_id": client_id, "client_secret": client_secret}
        self._form = urlencode({**form, "scope": scope} if scope else form).encode()
        # Adobe's client ID is its API key as well.
        for secret in (client_id, client_secret):
            redactor.add(secret, lasting=True)

    def __repr__(self) -> str:
        return f"<TokenService of {self.source}>"

    def fetch(self, deadline: float) -> Grant:
        """A new token before `deadline` (an instant of `time.monotonic`).

        Raises `CredentialsRefused` where the service does not accept us, `Unavailable`,
        `RateLimited`, `TimedOut` or `BadAnswer` where it cannot serve us, after the same retries
        as any other call.
        """
        result = self._result(deadline)
        if isinstance(result, UpstreamError):
            raise result
        return result

    def _result(self, deadline: float) -> Grant | UpstreamError:
        made = 0
        while True:
            left = deadline - time.monotonic()
            if left <= 0:
                detail = "no time was left to ask the token service"
                return TimedOut(source=self.source, detail=detail)
            made += 1
            outcome = self._sender.send(
                "POST",
                self._url,
                headers=self._headers,
                body=self._form,
                budget=left,
                limits=self._limits,
            )
            if isinstance(outcome, Reply) and verdicts.is_success(outcome):
                return self._grant(outcome.body)
            error = self._error(outcome)
            if made >= self._limits.attempts or not verdicts.is_worth_repeating(outcome):
                return error
            wait = verdicts.wait_before(made, outcome, chance=self._jitter(), wall_clock=time.time())
            if time.monotonic() + wait + _SHORTEST_ATTEMPT > deadline:
                return error
            self._sleep(wait)

    def _grant(self, body: bytes) -> Grant | UpstreamError:
        answer = _json_object(body)
        token = answer.get("access_token")
        seconds = _seconds(answer.get("expires_in", _LIFE_IF_UNSAID))
        flaw = ""
        if not isinstance(token, str) or not 0 < len(token) <= _LONGEST_TOKEN:
            flaw = "without a token"
        elif seconds <= 0:
            flaw = "with a token that has already ended"
        else:
            try:
                check_header("Authorization", token)
            except ValueError:
                flaw = "with a token that cannot be sent"
        if flaw or not isinstance(token, str):
            detail = f"the token service sent an answer {flaw}"
            return BadAnswer(source=self.source, status=200, detail=detail)
        return Grant(token, min(seconds, _LONGEST_LIFE))

    def _error(self, outcome: Outcome) -> UpstreamError:
        error = verdicts.error_for(
            outcome,
            Problem(),
            source=self.source,
            exchange=None,
            wall_clock=time.time(),
        )
        if isinstance(outcome, Silence):
            error.detail = f"the token service: {outcome.detail}"
            return error
        if 400 <= outcome.status < 500 and outcome.status != 429:
            word = _json_object(outcome.body).get("error")
            known = isinstance(word, str) and _ERROR_WORD.fullmatch(word)
            reason = f"HTTP {outcome.status} {word}" if known else f"HTTP {outcome.status}"
            return CredentialsRefused(
                source=self.source,
                status=outcome.status,
                detail=f"the token service refused our client credentials ({reason})",
            )
        error.detail = f"the token service answered HTTP {outcome.status}"
        return error


def _json_object(body: bytes) -> dict[str, Any]:
    try:
        value = msgspec.json.decode(body)
    except (msgspec.MsgspecError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}


def _seconds(value: object) -> float:
    """Seconds, also where they came as text; 0 for what is no number."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return 0.0
    try:
        seconds = float(value)
    except (ValueError, OverflowError):
        return 0.0
    return seconds if seconds > 0 else 0.0
