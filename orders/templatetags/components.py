"""Components that hold whatever a page puts between their tags; those without a content are includes.

They are loaded for every template (`builtins` in the settings), so that pages read as what they show.
"""

from collections.abc import Hashable
from datetime import UTC, datetime
from typing import Any

from django import template
from django.template.loader import get_template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from orders.infrastructure.drawn_parts import drawn
from orders.presentation.dates import drawn_moment
from orders.presentation.numbers import as_read
from orders.presentation.product_formatters import product
from orders.presentation.texts.ages import age_words
from orders.presentation.texts.phrases import distance
from orders.presentation.texts.plain_words import theirs
from orders.views.shared.export_forms import ExportForm
from orders.views.shared.filter_groups import FilterBar, FilterGroup

register = template.Library()
register.filter("age_words", age_words)
register.filter("moment", drawn_moment)
register.filter("as_read", as_read)
register.filter("theirs", theirs)
register.filter("product", product)


@register.filter
def ago(moment: datetime) -> str:
    """`3 hours ago`."""
    return distance(moment, datetime.now(UTC))


@register.simple_block_tag
def card(content: str, *, title: str, name: str, note: Any = "", style: str = "") -> SafeString:
    """A section with a heading. `name` is unique on its page: the heading's ID is `<name>-title`."""
    return format_html(
        '<section class="card{}" aria-labelledby="{}-title">{}{}</section>',
        f" {style}" if style else "",
        name,
        card_head(title, name=name, note=note),
        content,
    )


@register.simple_tag
def card_head(title: str, *, name: str = "", note: Any = "", style: str = "title") -> SafeString:
    """The heading of a card, or of a part of one (`style="title title-inner"`), with a note at its right."""
    return format_html(
        '<div class="{}"><h2{}>{}</h2>{}</div>',
        style,
        format_html(' id="{}-title"', name) if name else "",
        title,
        "" if note == "" else format_html('<span class="small muted push">{}</span>', note),
    )


@register.simple_block_tag
def crumbs(content: str, *, address: str) -> SafeString:
    """The way back up, above a page's title."""
    return format_html(
        '<nav class="small crumbs" aria-label="{}"><a href="{}" rel="up">{}</a></nav>',
        gettext("Where you are"),
        address,
        SafeString(content.strip()),  # stripped it is a plain text again, and would be escaped once more
    )


@register.simple_block_tag
def blank(content: str, *, title: str, text: str) -> SafeString:
    """What stands in place of rows where there are none: why, and (as content) what can be done."""
    return format_html(
        '<div class="blank"><p class="blank-title">{}</p><p class="muted">{}</p>{}</div>',
        title,
        text,
        content,
    )


@register.simple_block_tag
def table(content: str, *, caption: str, style: str = "orders") -> SafeString:
    """A table with the caption that screen readers announce; its head and rows are the content."""
    return format_html(
        '<table class="{}"><caption class="visually-hidden">{}</caption>{}</table>', style, caption, content
    )


@register.simple_tag
def headings(*names: str, numeric: str = "", hidden: str = "") -> SafeString:
    """A table's head. `numeric` and `hidden` hold the places of such columns, counted from 1: `"4 5"`."""
    numbers, unseen = numeric.split(), hidden.split()
    cells = (
        (
            SafeString(' class="num"') if str(place) in numbers else "",
            format_html('<span class="visually-hidden">{}</span>', name) if str(place) in unseen else name,
        )
        for place, name in enumerate(names, start=1)
    )
    return format_html("<thead><tr>{}</tr></thead>", format_html_join("", '<th scope="col"{}>{}</th>', cells))


@register.simple_tag
def fact(name: str, value: Any, *, style: str = "") -> SafeString:
    """One term of a list of facts; nothing where there is no value."""
    if value is None or value == "":
        return SafeString("")
    return format_html(
        "<div><dt>{}</dt><dd{}>{}</dd></div>", name, format_html(' class="{}"', style) if style else "", value
    )


@register.filter
def initials(name: str) -> str:
    """`DR` for Dana Reyes, `A` for agent."""
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


@register.simple_block_tag
def menu(content: str, *, words: str, style: str = "btn btn-quiet", at: str = "end") -> SafeString:
    """A button that opens its content, also without scripts. `at="start"` opens it to the right."""
    return format_html(
        '<details class="menu{}" data-menu><summary class="{} has-more">{}</summary>'
        '<div class="card menu-in">{}</div></details>',
        " menu-start" if at == "start" else "",
        style,
        words,
        content,
    )


@register.simple_tag
def same_for_all(part: str, **given: Hashable) -> SafeString:
    """An included part that nothing but what is given makes a difference to: drawn once, whoever asks."""
    return drawn(part, given, tuple(given.items()))


@register.simple_tag
def filter_fields(bar: FilterBar, group: FilterGroup) -> SafeString:
    """The fields of one of a form's groups: most of a page's markup, and alike wherever nothing is chosen."""
    part = "orders/components/filter_fields.html"
    given = {"bar": bar, "fields": group.fields}
    if group.looks is None:
        return SafeString(get_template(part).render(given))
    has_dates = any(field.name == "end_date" for field in group.fields)
    presets = tuple(bar.presets()) if has_dates else ()
    return drawn(part, given, (group.looks, bar.shows_prices, bar.whole_days, presets))


@register.simple_tag
def export_choices(export_form: ExportForm) -> SafeString:
    """What a file can look like: the same for all who have the same sets of columns."""
    part, given = "orders/components/export_choices.html", {"export_form": export_form}
    if export_form.is_bound:
        return SafeString(get_template(part).render(given))
    choices = export_form.file_choices, export_form.dialect_choices, export_form.column_choices
    return drawn(part, given, tuple(tuple(each) for each in choices))
