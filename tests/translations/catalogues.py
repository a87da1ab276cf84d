"""The catalogues of other languages: which texts there are, and how a `.mo` follows from its `.po`.

Babel reads Python, Django makes something like Python of its templates: nothing has to be installed beside
the test tools. https://www.gnu.org/software/gettext/manual/html_node/PO-Files.html
"""

import io
import re
import textwrap
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[2]
LOCALE = ROOT / "orders" / "locale"
PLACES = (("orders", "*.py"), ("orders_portal", "*.py"), ("templates", "*.html"), ("templates", "*.txt"))

_ONE, _TWO, _IN_CONTEXT = (1,), (1, 2), ((1, "c"), 2)
# `_` and `plural` are what our modules call the lazy ones.
KEYWORDS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), _ONE),
    **dict.fromkeys(("ngettext", "ngettext_lazy", "plural"), _TWO),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), _IN_CONTEXT),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
_PLACEHOLDER = re.compile(r"%\(\w+\)[\d.]*[a-z]|%[sd]|\{\w*\}")


def texts() -> Catalog:
    """Every text of the code and the templates, with the files it stands in."""
    found = Catalog()
    for folder, pattern in PLACES:
        for path in sorted((ROOT / folder).rglob(pattern)):
            for text, context, flags in _texts_of(path):
                at = [(path.relative_to(ROOT).as_posix(), 1)]
                found.add(text, locations=at, context=context, flags=flags)
    return found


def _texts_of(path: Path) -> Iterator[tuple[str | tuple[str, ...], str | None, set[str]]]:
    source = path.read_text()
    if path.suffix != ".py":
        # Each line for itself: what stands around the texts has no indentation to go by.
        source = "\n".join(line.strip() for line in templatize(source).splitlines())
    found: Iterable[Any] = extract_python(io.BytesIO(source.encode()), KEYWORDS, [], {})
    for _, name, given, _ in found:
        parts = list(given) if isinstance(given, tuple) else [given]
        spec = KEYWORDS[name]
        context = parts.pop(0) if "c" in str(spec[0]) else None
        wanted = parts[: len(spec) - (context is not None)]
        if not wanted or not all(isinstance(part, str) and part for part in wanted):
            continue  # a variable, whose text is marked where it stands
        text = tuple(wanted) if len(wanted) > 1 else wanted[0]
        yield text, context, {"python-format"} if "%(" in wanted[0] else set()


def read(language: str) -> Catalog:
    path = _path(language, "po")
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        return Catalog(language, project="Orders Portal", fuzzy=False, header_comment="# All texts.")
    with path.open("rb") as file:
        return read_po(file, locale=language)


def complete(language: str) -> Catalog:
    """The catalogue with the texts that there are now: new ones blank, and none that is gone."""
    catalogue, template = read(language), texts()
    template.creation_date = catalogue.creation_date  # else each run would be a change
    catalogue.update(template, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    return catalogue


def write(language: str, catalogue: Catalog) -> None:
    """Both files: the one that people edit, and the one that the portal reads."""
    written = io.BytesIO()
    write_po(written, catalogue, width=110, sort_output=True, include_lineno=False, ignore_obsolete=True)
    _path(language, "po").write_bytes(written.getvalue())
    _path(language, "mo").write_bytes(compiled(catalogue))


def compiled(catalogue: Catalog) -> bytes:
    written = io.BytesIO()
    write_mo(written, catalogue)
    return written.getvalue()


def kept(language: str) -> bytes:
    """The compiled catalogue as it lies there."""
    return _path(language, "mo").read_bytes()


def forms(message: Message) -> list[tuple[str, str]]:
    """Each text with its translation: the plural form stands for all but the first."""
    if isinstance(message.id, str):
        return [(message.id, str(message.string or ""))]
    single, several = message.id
    first, *others = tuple(message.string or ("", ""))
    return [(single, first), *((several, other) for other in others)]


def is_translated(message: Message) -> bool:
    return not message.fuzzy and all(translation.strip() for _, translation in forms(message))


def placeholders(text: str) -> list[str]:
    return sorted(_PLACEHOLDER.findall(text))


def described(message: Message) -> str:
    """A message that is easy to find."""
    text = message.id if isinstance(message.id, str) else message.id[0]
    return textwrap.shorten(f"{message.context}: {text}" if message.context else text, 200)


def _path(language: str, kind: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / f"django.{kind}"
