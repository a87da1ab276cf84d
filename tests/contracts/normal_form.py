"""An answer as lines that stay the same while the answer means the same.

Of a page its texts and hooks remain, of a file its cells, of the headers those that a client acts upon.
What is new each time (tokens, identifiers, ports, digests, hashes in the names of static files) gives way to
a word.
"""

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from xml.etree import ElementTree

import requests

_LEFT_OUT = {
    *("connection", "content-encoding", "content-length", "date", "etag", "keep-alive", "server"),
    "transfer-encoding",
}
_SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_CELLS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"

_VOLATILE: list[tuple[re.Pattern[str], str]] = [
    (re.compile(r"\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b"), "<uuid>"),
    # A digest, or an identifier that is as long as one.
    (re.compile(r"\b[0-9a-f]{64}\b"), "<sha256>"),
    (re.compile(r"(sha-256=):[\w+/=]{44}:"), r"\1<sha256>"),
    (re.compile(r"\b[0-9a-f]{8}…"), "<sha256>…"),
    # What Django signs: value, instant and signature, also as part of an address.
    (re.compile(r"[\w.~-]+(?::|%3A)[0-9A-Za-z]{5,7}(?::|%3A)[\w-]{43}"), "<signed>"),
    (re.compile(r"(/static/[\w./-]+?)\.[0-9a-f]{12}(\.\w+)"), r"\1\2"),
    # The secret of an authenticator app, and its picture.
    (re.compile(r"\b[A-Z2-7]{32}\b"), "<secret>"),
    (re.compile(r"(data:image/[\w+]+;base64,)[\w+/=]+"), r"\1<picture>"),
    # Salt and hash of a password, as Django's admin shows their beginnings.
    (re.compile(r"[\w+/=]{6}\*{8,}"), "<secret>"),
    (re.compile(r"\b\d+ ms\b|\b\d+\.\d s\b"), "<duration>"),
    # As many as the background has read by then.
    (re.compile(r'(data-attention-count=")\d+("[^\]]*\] \w+)(?: \d+)?'), r"\1<count>\2"),
]
_CSRF = re.compile(r'(csrfmiddlewaretoken"? value="|"csrfmiddlewaretoken": ")[0-9A-Za-z]{32,64}')

# Elements that stand within a line; every other one begins a new line.
_INLINE = frozenset(
    {
        *("a", "abbr", "b", "button", "code", "em", "i", "input", "kbd", "label", "mark", "q", "s", "small"),
        *("span", "strong", "sub", "sup", "time", "u", "var", "wbr"),
    }
)
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
)
_UNSEEN = frozenset({"script", "style", "svg", "template"})
# How an element looks, and what ties it to its neighbours: both are free.
_FREE = re.compile(
    r"class|style|id|for|form|aria-(controls|describedby|labelledby|details)|list|xmlns|viewbox"
)


class _Outline(HTMLParser):
    """A line for every run of text, led by the element it stands in, with the hooks within it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = []
        self._run: list[str] = []
        self._blocks: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        hooks = _hooks(attrs)
        if tag == "link" and ("rel", "stylesheet") in attrs:
            return
        if tag in _UNSEEN:
            if tag == "script" and hooks:
                self._flush()
                self.lines.append(f"[script{hooks}]")
            self._unseen += 1
        elif self._unseen:
            return
        elif tag in _INLINE:
            if hooks or tag in {"a", "button", "input"}:
                self._run.append(f"[{tag}{hooks}]")
        else:
            self._flush()
            if tag not in _VOID:
                self._blocks.append(tag)
            if hooks:
                self.lines.append(f"[{tag}{hooks}]")

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        elif self._unseen:
            return
        elif tag not in _INLINE and tag not in _VOID:
            self._flush()
            if tag in self._blocks:
                while self._blocks.pop() != tag:
                    pass

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self._run.append(data)

    def close(self) -> None:
        super().close()
        self._flush()

    def _flush(self) -> None:
        text = " ".join("".join(self._run).split())
        self._run.clear()
        if text:
            self.lines.append(f"{self._blocks[-1] if self._blocks else ''}: {text}")


def _hooks(attrs: list[tuple[str, str | None]]) -> str:
    kept = sorted((name, value or "") for name, value in attrs if not _FREE.fullmatch(name))
    names = dict(kept)
    if names.get("name") == "csrfmiddlewaretoken":
        kept = [(name, "<csrf>" if name == "value" else value) for name, value in kept]
    return "".join(f' {name}="{" ".join(value.split())}"' if value else f" {name}" for name, value in kept)


def outline(html: str) -> list[str]:
    """The texts and hooks of a page, in its order."""
    reader = _Outline()
    reader.feed(html)
    reader.close()
    return reader.lines


def _csv_lines(body: bytes) -> Iterator[str]:
    text = body.decode("utf-8")
    if text.startswith("\ufeff"):
        yield "byte-order mark"
        text = text.removeprefix("\ufeff")
    yield f"line ends: {'CRLF' if text.count(chr(10)) == text.count(chr(13) + chr(10)) else 'mixed'}"
    for row in csv.reader(io.StringIO(text, newline="")):
        yield json.dumps(row, ensure_ascii=False)


def _workbook_lines(body: bytes) -> Iterator[str]:
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        for name in sorted(archive.namelist()):
            if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                yield name
                yield from _sheet_lines(archive.read(name))
            elif name in {"xl/workbook.xml", "docProps/core.xml"}:
                yield f"{name}: {archive.read(name).decode()}"


def _sheet_lines(xml: bytes) -> Iterator[str]:
    for row in ElementTree.fromstring(xml).iter(f"{_CELLS}row"):  # our own file
        yield json.dumps(
            [
                [cell.get("r"), cell.get("t", "n"), cell.get("s", ""), "".join(cell.itertext())]
                for cell in row.iter(f"{_CELLS}c")
            ],
            ensure_ascii=False,
        )


def _metrics_lines(body: bytes) -> Iterator[str]:
    """What is measured, without the figures."""
    for line in body.decode().splitlines():
        yield line if line.startswith("#") else line.rpartition(" ")[0]


def _json_lines(body: bytes) -> Iterator[str]:
    yield from json.dumps(json.loads(body), indent=1, ensure_ascii=False, sort_keys=True).splitlines()


def _body_lines(response: requests.Response) -> Iterator[str]:
    body = response.content
    kind = response.headers.get("Content-Type", "").lower()
    readers: list[tuple[str, Callable[[bytes], Iterator[str]]]] = [
        ("text/html", lambda body: iter(outline(body.decode()))),
        ("text/csv", _csv_lines),
        (_SPREADSHEET, _workbook_lines),
        ("text/plain; version", _metrics_lines),
        ("application/openmetrics-text", _metrics_lines),
        ("application/json", _json_lines),
        ("application/problem+json", _json_lines),
    ]
    for beginning, reader in readers:
        if kind.startswith(beginning):
            return reader(body)
    return iter(body.decode("utf-8", "backslashreplace").splitlines())


def _header_lines(response: requests.Response) -> Iterator[str]:
    pairs = [(name.lower(), value) for name, value in response.raw.headers.items()]
    for name, value in sorted(pairs):
        if name == "set-cookie":
            cookie, _, attributes = value.partition(";")
            key, _, content = cookie.partition("=")
            yield f"set-cookie: {key}={'<value>' if content.strip(chr(34)) else ''};{attributes}"
        elif name not in _LEFT_OUT:
            yield f"{name}: {value}"


def normal_form(response: requests.Response, hosts: dict[str, str]) -> list[str]:
    """`hosts` are addresses that differ from run to run, with the words to say instead."""
    lines = [f"status: {response.status_code}", *_header_lines(response), "", *_body_lines(response)]
    return [steady(line, hosts) for line in lines]


def steady(line: str, hosts: dict[str, str]) -> str:
    """The line without what is new each time."""
    for host, word in hosts.items():
        line = line.replace(host, word)
    line = _CSRF.sub(r"\1<csrf>", line)
    for pattern, word in _VOLATILE:
        line = pattern.sub(word, line)
    return line
