"""One HTTP request as it came, and one answer as it shall go out."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qsl, unquote

JSON = "application/json"


@dataclass(frozen=True)
class Request:
    """A request after parsing: header names lower-cased, the query decoded and in order."""

    method: str
    raw_target: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def raw_path(self) -> str:
        return self.raw_target.partition("?")[0]

    @property
    def path(self) -> str:
        return unquote(self.raw_path)

    @property
    def segments(self) -> list[str]:
        """The parts of the path, split before decoding, so that %2F stays inside its part."""
        return [unquote(part) for part in self.raw_path.split("/")[1:]]

    @property
    def query(self) -> list[tuple[str, str]]:
        return parse_qsl(self.raw_target.partition("?")[2], keep_blank_values=True)

    def values(self, name: str) -> list[str]:
        return [value for key, value in self.query if key == name]

    def value(self, name: str) -> str | None:
        return next(iter(self.values(name)), None)

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))

    @property
    def bearer(self) -> str:
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        return token.strip() if scheme.lower() == "bearer" else ""

    @property
    def customer_id(self) -> str | None:
        parts = self.segments
        if "customers" in parts[:-1]:
            return parts[parts.index("customers") + 1]
        return None


@dataclass(frozen=True)
class Answer:
    """A response; `delivery` says how it travels, where that is not simply in one piece."""

    status: int
    body: bytes = b""
    content_type: str = JSON
    headers: tuple[tuple[str, str], ...] = ()
    delivery: str = "whole"
    delay: float = 0.0

    def with_headers(self, **headers: str) -> "Answer":
        added = tuple((name.replace("_", "-"), value) for name, value in headers.items())
        return replace(self, headers=self.headers + added)

    @property
    def spends_the_correlation_id(self) -> bool:
        """Whether the client could have received a complete answer."""
        return self.delivery in ("whole", "drip-headers", "drip-body", "oversized")


def dump(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def json_answer(status: int, value: Any, **headers: str) -> Answer:
    return Answer(status, dump(value).encode()).with_headers(**headers)
