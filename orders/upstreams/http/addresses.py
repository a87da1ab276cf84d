"""Request addresses that arrive exactly as they were written, or are refused before any network."""

import re
from collections.abc import Sequence
from urllib.parse import quote, unquote, urlencode, urlsplit

# What needs no rewriting on its way: RFC 3986's path characters, percent signs only as upper-case
# escapes. An escaped slash, backslash or control character is refused too: some servers undo it
# first.
_SEGMENT = re.compile(r"(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%(?!2F|5C|7F|[01])[0-9A-F]{2})+")

_HEADER_VALUE = re.compile(r"[\x21-\x7e]+(?: [\x21-\x7e]+)*")


def check_base_url(url: str) -> str:
    """The URL without its trailing slash. Raises `ValueError`, never quoting it."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("an upstream's base URL must begin with http:// or https:// and name a host")
    if parts.query or parts.fragment or parts.username or parts.password:
        raise ValueError("an upstream's base URL must hold no query, fragment or user name")
    path = parts.path.rstrip("/")
    if path:
        check_path(path)
    return f"{parts.scheme}://{parts.netloc}{path}"


def check_path(path: str) -> None:
    """Raises `ValueError` for a path that could reach another resource than the one it spells."""
    if not path.startswith("/"):
        raise ValueError("a path must start with a slash")
    segments = path[1:].removesuffix("/").split("/")
    for segment in segments if path != "/" else ():
        if not _SEGMENT.fullmatch(segment) or unquote(unquote(segment)) in {".", ".."}:
            raise ValueError("a path segment is empty, a dot segment or not percent-encoded")


def query_string(params: Sequence[tuple[str, str]]) -> str:
    """`name=value` pairs in their order, repeats kept. Raises `ValueError` for what isn't text."""
    return urlencode(params, quote_via=quote)


# RFC 6750, section 2.1, and a little more than it allows: services differ.
_TOKEN = re.compile(r"[\x21-\x7e]+")


def check_token(text: str) -> str:
    """The bearer token without what clings to it. Raises `ValueError`, never quoting it."""
    token = text.strip()
    if token[:7].lower() == "bearer ":  # pasted, or sent, with the word that goes before it
        token = token[7:].lstrip()
    if not _TOKEN.fullmatch(token):
        raise ValueError("a token cannot be sent")
    return token


def check_header(name: str, value: str) -> None:
    """Raises `ValueError`, never quoting the value, for what cannot stand in a request header."""
    if not _HEADER_VALUE.fullmatch(value):
        raise ValueError(f"the header {name} has a value that cannot be sent")
