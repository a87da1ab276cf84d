"""What an upstream's own words come to: one line without markup.

They may still hold a secret that the upstream echoes. The transport takes secrets out of refusals
before it cuts them; `shown` does the same for words that come with HTTP 200.
"""

import re

from orders.domain.redaction import process_redactor
from orders.upstreams.reading.decoding import Unreadable, load_exact

# Far more than is ever shown: a secret must not be cut in two before it is looked for.
_LONGEST_READ = 20_000
_LONGEST_SHOWN = 300
# What is opened and never closed goes on to the end, as in a browser, and is not looked for again.
_MARKUP = re.compile(r"(?is)<(script|style)\b(?:[^<]++|<(?!/\1))*+(?:</\1\s*+>?|\Z)|<[^<>]*+>")
_TITLE = re.compile(r"(?is)<title[^<>]*+>(.*?)(?:</title>|\Z)")
_UNPRINTABLE = re.compile(r"[\s\x00-\x1f\x7f-\x9f\ud800-\udfff]+")
# Gateways quote the header they refused, credential included.
_CREDENTIAL = re.compile(r"(?is)\b(authorization|x-api-key)\s*[=:].*")


def is_told_by_status(status: int) -> bool:
    """Whether a refusal means the same whoever sends it: credentials, length, a server's trouble."""
    return status in {401, 403, 407, 413, 414, 429, 431} or status >= 500


def message(*parts: object) -> str:
    """An upstream's words in one line, up to the point where they quote a credential."""
    return ": ".join(part for part in map(_sentence, parts) if part)


def shown(said: str) -> str:
    """The same, cleared of secrets and cut to what a page has room for."""
    cleaned = process_redactor().clean(said)
    return cleaned if len(cleaned) <= _LONGEST_SHOWN else f"{cleaned[: _LONGEST_SHOWN - 1]}…"


def _sentence(part: object) -> str:
    if not isinstance(part, str):
        return ""
    part = _CREDENTIAL.sub("…", part[:_LONGEST_READ])
    return _UNPRINTABLE.sub(" ", part).strip()


def plain_message(body: bytes) -> str:
    """What a body that isn't JSON says: a page's title, or its text."""
    said = body[:_LONGEST_READ].decode("utf-8", errors="replace")
    title = _TITLE.search(said)
    return message(_MARKUP.sub(" ", title[1] if title else said))


def load_problem(body: bytes) -> dict[str, object] | None:
    """An error body as an object, or None for anything else. Content types can't be trusted."""
    try:
        loaded = load_exact(body)
    except Unreadable:
        return None
    return loaded if isinstance(loaded, dict) else None
