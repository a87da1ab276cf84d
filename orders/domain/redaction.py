"""Takes our secrets out of texts that might be shown, stored or logged, however spelled."""

import base64
import html
import json
import re
import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import product
from typing import Any
from urllib.parse import quote, quote_plus

MARK = "[redacted]"

# A shorter 'secret' would shred ordinary words wherever its letters occur, and would be no secret
# to anybody who may guess a few times. No upstream issues one; such a value is a placeholder.
SHORTEST_SECRET = 6

# Tokens come and go; an upstream can only echo one that was sent lately.
KEPT_TOKENS = 64

_BEARER = re.compile(
    # Words such as 'Bearer authentication' are kept: a token is long, or holds a digit.
    # One with neither in its first 20 letters ends within them, so that no more needs to be looked at.
    r"(?i)\b(bearer|basic)(\s+|%20|\+)(?=[^\s\d\"',;]{0,19}+\d|[^\s\"',;]{20})[A-Za-z0-9._~+/=%-]{6,}"
)
_AUTHORIZATION = re.compile(
    r"(?i)\b(authorization[\"']?\s*[:=]\s*[\"']?(?:(?:bearer|basic)\s+)?)"
    r"(?!\[redacted|(?:bearer|basic)\s)[^\s\"',;&]+"
)
# It takes what begins like one up to its first dot in any case, so that no letter is looked at twice.
_JWT = re.compile(r"eyJ(?<=\beyJ)[\w-]{8,}+(\.[\w-]{4,}+\.[\w-]*+)?")
# `\u0041` for A: legal JSON, and no spelling of ours. Control characters need theirs.
_ASCII_ESCAPE = re.compile(rb"\\u00([2-7][0-9a-fA-F])")
_BACKSLASH, _STAND_IN = rb"\\", b"\0\0"
# The portal's own tokens: it keeps only their hashes, so that it knows them by their looks.
_OWN_TOKEN = re.compile(r"\bopt_[\w-]{43}")


class Redactor:
    """Replaces secrets by `[redacted]`. Safe to share between threads."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._lock = threading.Lock()
        self._lasting: dict[str, tuple[str, ...]] = {}
        self._passing: OrderedDict[str, tuple[str, ...]] = OrderedDict()
        self._spellings: tuple[str, ...] = ()
        self._probes: tuple[bytes, ...] = ()
        for secret in secrets:
            self.add(secret, lasting=True)

    def __repr__(self) -> str:
        return f"<Redactor of {len(self._lasting) + len(self._passing)} secrets>"

    def add(self, secret: str, *, lasting: bool = False) -> None:
        """Know one more secret: a configured one for good, a token until 64 newer ones came."""
        if len(secret) < SHORTEST_SECRET or secret in MARK:
            return
        with self._lock:
            if secret in self._lasting:
                return
            if secret in self._passing:
                self._passing.move_to_end(secret)
                if not lasting:
                    return
            if lasting:
                self._lasting[secret] = spellings(secret)
                self._passing.pop(secret, None)
            else:
                self._passing[secret] = spellings(secret)
                while len(self._passing) > KEPT_TOKENS:
                    self._passing.popitem(last=False)
            every = {
                one for group in (self._lasting, self._passing) for all_ in group.values() for one in all_
            }
            # The longest first, so that no spelling is broken by a shorter one inside it.
            self._spellings = tuple(sorted(every, key=lambda spelling: (-len(spelling), spelling)))
            self._probes = tuple({*_probes(self._lasting), *_probes(self._passing)})

    def clean(self, text: str) -> str:
        """The text without any known secret, and without anything that looks like a credential."""
        for spelling in self._spellings:
            if spelling in text:
                text = text.replace(spelling, MARK)
        if "eyJ" in text:
            text = _JWT.sub(lambda found: MARK if found[1] else found[0], text)
        if "opt_" in text:
            text = _OWN_TOKEN.sub(MARK, text)
        if any(sign in text for sign in ("earer", "EARER", "asic", "BASIC")):
            text = _BEARER.sub(rf"\1\2{MARK}", text)
        if "uthorization" in text or "UTHORIZATION" in text:
            text = _AUTHORIZATION.sub(rf"\1{MARK}", text)
        return text

    def clean_body(self, body: bytes) -> bytes:
        """A JSON document without any known secret. Nearly always it comes back as it was, at little cost."""
        if rb"\u00" in body:
            body = _without_ascii_escapes(body)
        if not any(probe in body for probe in self._probes):
            return body
        text = body.decode("utf-8", errors="surrogateescape")
        for spelling in self._spellings:
            text = text.replace(spelling, MARK)
        return text.encode("utf-8", errors="surrogateescape")

    def clean_json(self, value: Any) -> Any:
        """The same for all strings of a JSON value, keys included; the value stays as it is."""
        strings: list[str] = []
        _collect(value, strings)
        whole = "\n".join(strings)
        # Nearly always there is nothing to do: one look at all strings together tells.
        return value if self.clean(whole) == whole else self._rebuild(value)

    def _rebuild(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.clean(value)
        if isinstance(value, dict):
            return {self._rebuild(key): self._rebuild(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self._rebuild(item) for item in value]
        return value


def spellings(secret: str) -> tuple[str, ...]:
    """A secret as it may be written: URL-encoded once or twice, JSON or HTML escaped, base64."""
    once = {
        quote(secret, safe="", errors="replace"),
        quote_plus(secret, errors="replace"),
        quote(secret, errors="replace"),
    }
    twice = {quote(one, safe="") for one in once}
    escaped = {
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
        json.dumps(secret)[1:-1].replace("/", "\\/"),
        repr(secret)[1:-1],
        html.escape(secret),
    }
    found = {
        secret,
        *once,
        *twice,
        *(_lower_hex(one) for one in once | twice),
        *escaped,
        *_base64(secret),
    }
    return tuple(found)


def _probes(secrets: Mapping[str, tuple[str, ...]]) -> Iterator[bytes]:
    """For each secret as few texts as will do for one of them to stand in any of its spellings."""
    for secret, every in secrets.items():
        core = max(re.findall(r"[0-9A-Za-z._-]+", secret), key=len, default="")
        is_core_enough = len(core) >= SHORTEST_SECRET
        if is_core_enough:
            yield core.encode()
        for spelling in every:
            if not is_core_enough or core not in spelling:
                yield spelling.encode("utf-8", errors="surrogateescape")


def _without_ascii_escapes(body: bytes) -> bytes:
    """A JSON document with its printable characters as they are, but for those that need an escape.

    Cut at the escapes rather than matched one by one: a body may be nothing else.
    """
    if b"\0" in body:
        return body  # it is no JSON
    # An escaped backslash begins no escape: it is put aside meanwhile.
    parts = _ASCII_ESCAPE.split(body.replace(_BACKSLASH, _STAND_IN))
    parts[1::2] = map(_CHARACTERS.__getitem__, parts[1::2])
    return b"".join(parts).replace(_STAND_IN, _BACKSLASH)


def _hex_spellings(code: int) -> set[bytes]:
    digits = ({digit, digit.upper()} for digit in f"{code:02x}")
    return {"".join(spelling).encode() for spelling in product(*digits)}


_CHARACTERS = {
    spelling: rb"\u00" + spelling if chr(code) in '"\\\x7f' else bytes([code])
    for code in range(0x20, 0x80)
    for spelling in _hex_spellings(code)
}


def _lower_hex(text: str) -> str:
    return re.sub(r"%[0-9A-F]{2}", lambda match: match.group().lower(), text)


def _base64(secret: str) -> set[str]:
    """The secret inside base64 of any longer text: the sure part at each of the 3 alignments."""
    raw = secret.encode("utf-8", "surrogatepass")
    found = set()
    for before in range(3):
        encoded = base64.b64encode(b"\0" * before + raw)
        sure = encoded[-(-before * 8 // 6) : (before + len(raw)) * 8 // 6].decode()
        if len(sure) >= SHORTEST_SECRET:
            found |= {sure, sure.replace("+", "-").replace("/", "_")}
    return found


def _collect(value: Any, strings: list[str]) -> None:
    if isinstance(value, str):
        strings.append(value)
    elif isinstance(value, dict):
        for key, item in value.items():
            _collect(key, strings)
            _collect(item, strings)
    elif isinstance(value, list | tuple):
        for item in value:
            _collect(item, strings)


@cache
def process_redactor() -> Redactor:
    """The redactor that knows every secret of this process; log lines pass through it."""
    return Redactor()
