"""Pictures made of bars, as SVG: each has a name, and each bar its numbers in a title."""

from collections.abc import Sequence

from django.utils.safestring import SafeString

from orders.presentation.markup import escaped, markup


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
        SafeString("".join(bars)),
    )


def bar(words: str, *parts: SafeString) -> SafeString:
    """Joined by hand, as the parts are: a picture has a hundred of them, and numbers need no escaping."""
    return SafeString(f"<g><title>{escaped(words)}</title>{''.join(parts)}</g>")


def rect(kind: str, left: int, top: float, width: int, height: float) -> SafeString:
    """`kind` is a class of ours."""
    return SafeString(
        f'<rect class="{kind}" x="{left}" y="{round(top, 1)}" width="{width}" height="{round(height, 1)}"/>'
    )


def label(left: int, top: int, words: str | int) -> SafeString:
    """Under a bar; `left` is its middle."""
    return SafeString(f'<text x="{left}" y="{top}">{escaped(words)}</text>')
