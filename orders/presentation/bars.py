"""Pictures made of bars, as SVG: each has a name, and each bar its numbers in a title."""

from collections.abc import Sequence

from django.utils.safestring import SafeString

from orders.presentation.markup import markup, markup_join


def picture(
    style: str, name: str, size: tuple[int, int], bars: Sequence[SafeString], *, stretches: bool = False
) -> SafeString:
    """`size` is the picture's own, in units that its bars are in; one that `stretches` fills its place."""
    return markup(
        '<svg class="{}" viewBox="0 0 {} {}"{} role="img" aria-label="{}">{}</svg>',
        style,
        *size,
        SafeString(' preserveAspectRatio="none"') if stretches else "",
        name,
        markup_join("", "{}", ((each,) for each in bars)),
    )


def bar(words: str, *parts: SafeString) -> SafeString:
    return markup("<g><title>{}</title>{}</g>", words, markup_join("", "{}", ((part,) for part in parts)))


def rect(kind: str, left: int, top: float, width: int, height: float) -> SafeString:
    return markup(
        '<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>',
        *(kind, left, round(top, 1), width, round(height, 1)),
    )


def label(left: int, top: int, words: str | int) -> SafeString:
    """Under a bar; `left` is its middle."""
    return markup('<text x="{}" y="{}">{}</text>', left, top, words)
