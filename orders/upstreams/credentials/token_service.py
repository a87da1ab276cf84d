"""Asks a token service for a token, by the OAuth 2.0 client credentials grant."""

import base64
import json
import logging
import random
import re
import time
from collections.abc import Callable
from math import isfinite
from typing import Any, Literal
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

import msgspec

from orders.domain.errors import (
    BadAnswer,
    CredentialsRefused,
    ForeignAnswer,
    RateLimited,
    TimedOut,
    Unavailable,
    UpstreamError,
    WrongAddress,
)
from orders.domain.redaction import Redactor
from orders.upstreams.answer_matching import Echo, echo_of
from orders.upstreams.base import Problem
from orders.upstreams.http import retry_policy
from orders.upstreams.http.addresses import check_token
from orders.upstreams.http.calls import FOREIGN
from orders.upstreams.http.retry_policy import NoResponse, Outcome, Response
from orders.upstreams.http.sender import Limits, Sender

logger = logging.getLogger("orders.upstreams")

_SHORTEST_ATTEMPT = 0.05
_LIFE_IF_UNSAID = 300.0
_LONGEST_LIFE = 7 * 86400.0
_LONGEST_TOKEN = 16_000
_LONGEST_ANSWER = 1 << 20

# OAuth's own words for what is wrong, such as `invalid_client`; anything else might quote a secret.
_ERROR_WORD = re.compile(r"[a-z]+(?:_[a-z]+){1,4}")
_ABOUT_US = re.compile(r"(?:invalid|unauthorized|unsupported|access|insufficient)_.*")
_UNSAYABLE = "?"
# Those that say nothing of our credentials (RFC 6749, section 4.1.2.1; `slow_down`: RFC 8628).
_PASSING_WORDS = frozenset({"temporarily_unavailable", "server_error", "slow_down"})
_OVERLOADED = 503  # what an answer with such a word amounts to, whatever its status
_GRANTED = frozenset({200, 201})


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
        observe_foreign: Callable[[str], None] = lambda source: None,
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
        self._observe_foreign = observe_foreign
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
            request_id = str(uuid4())
            outcome = self._sender.send(
                "POST",
                self._url,
                headers={**self._headers, "X-Request-Id": request_id},
                body=self._form,
                budget=left,
                limits=self._limits,
            )
            answered = None
            if isinstance(outcome, Response):
                answered = outcome.status
                echo = echo_of(outcome.headers.get("x-request-id", ""), (request_id,))
                if echo is Echo.FOREIGN and not retry_policy.says_it_by_its_status(outcome):
                    return self._foreign(outcome.status)
                word = _error_word(outcome.body)
                if outcome.status in _GRANTED and not outcome.flaw and not word:
                    return self._grant(outcome)
                if word in _PASSING_WORDS and outcome.status < 500:
                    outcome = msgspec.structs.replace(outcome, status=_OVERLOADED)
            error = self._error(outcome, answered)
            wait = retry_policy.wait_before(
                made, outcome, self._limits.attempts, chance=self._jitter(), wall_clock=time.time()
            )
            if wait is None or time.monotonic() + wait + _SHORTEST_ATTEMPT > deadline:
                return error
            self._sleep(wait)

    def _foreign(self, status: int) -> UpstreamError:
        self._observe_foreign(self.source)
        detail = "the token service: " + FOREIGN.format("it carries another request's ID")
        return ForeignAnswer(source=self.source, status=status, detail=detail)

    def _grant(self, response: Response) -> Grant | UpstreamError:
        answer = _json_object(response.body)
        token, flaw = answer.get("access_token"), ""
        seconds = _seconds(answer["expires_in"]) if "expires_in" in answer else _LIFE_IF_UNSAID
        if seconds is None:
            logger.warning(
                "%s: the token service does not say legibly how long its token lives; taken for %d s",
                self.source,
                _LIFE_IF_UNSAID,
            )
            seconds = _LIFE_IF_UNSAID
        if not isinstance(token, str) or not 0 < len(token.strip()) <= _LONGEST_TOKEN:
            flaw = "without a token"
        elif seconds <= 0:
            flaw = "with a token that has already ended"
        else:
            try:
                return Grant(check_token(token), min(seconds, _LONGEST_LIFE))
            except ValueError:
                flaw = "with a token that cannot be sent"
        detail = f"the token service sent an answer {flaw}"
        return BadAnswer(source=self.source, status=response.status, detail=detail)

    def _error(self, outcome: Outcome, answered: int | None) -> UpstreamError:
        """`answered` is the status that really came, whatever the answer amounts to."""
        error = retry_policy.error_for(
            outcome,
            Problem(),
            source=self.source,
            exchange=None,
            wall_clock=time.time(),
        )
        if isinstance(outcome, NoResponse):
            error.detail = f"the token service: {outcome.detail}"
            return error
        error.status = answered
        word = _error_word(outcome.body)
        said = f"HTTP {answered} {word}".removesuffix(_UNSAYABLE).strip()
        if isinstance(error, Unavailable | RateLimited) or 300 <= outcome.status < 400:
            error.detail = f"the token service answered {said}"
            return error
        if _ABOUT_US.fullmatch(word) or outcome.status in {400, 401, 403}:
            detail = f"the token service refused our client credentials ({said})"
            return CredentialsRefused(source=self.source, status=outcome.status, detail=detail)
        if outcome.status < 300:
            detail = f"the token service answered {said}, which is no token"
            return BadAnswer(source=self.source, status=outcome.status, detail=detail)
        detail = f"the token service answered {said}: is its address right?"
        return WrongAddress(source=self.source, status=outcome.status, detail=detail)


def _json_object(body: bytes) -> dict[str, Any]:
    """In any Unicode encoding, with or without its mark: this is no answer of our upstreams."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _error_word(body: bytes) -> str:
    """The answer's own word for what is wrong, if it has one."""
    said = _json_object(body).get("error")
    if not said:
        return ""
    word = str(said).strip().lower()
    return word if _ERROR_WORD.fullmatch(word) else _UNSAYABLE


def _seconds(value: object) -> float | None:
    """Seconds, also where they came as text; None for what is no number of them."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        seconds = float(value)
    except (ValueError, OverflowError):
        return None
    return seconds if isfinite(seconds) else None
