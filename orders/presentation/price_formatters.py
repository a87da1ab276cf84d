"""How prices look in a cell, of an order and of a line, and the credit beside them."""

from collections.abc import Sequence

from django.utils.safestring import SafeString

from orders.domain.orders import Price
from orders.domain.results import LineRow, OrderRow
from orders.presentation.formatters import MOST_IN_A_CELL, UNEXPLAINED, and_more, money
from orders.presentation.markup import markup, markup_join
from orders.presentation.texts import state_words
from orders.presentation.texts.cell_texts import gettext
from orders.upstreams import catalogue


def prices(row: LineRow) -> SafeString | str:
    return _prices(row.parent.source, row.line.prices)


def order_prices(row: OrderRow) -> SafeString | str:
    return _prices(row.source, row.order.summaries)


def _prices(source: str, found: Sequence[Price]) -> SafeString:
    """Each under the upstream's own name, which says more than any of ours; its meaning on hover.

    Touch and print have the meanings in a list beside the table.
    """
    meanings = catalogue.describe(source).prices
    drawn = markup_join(
        "",
        '<span class="price"><span class="muted"{}>{}</span> {}{}</span>',
        (
            (
                markup(' title="{}"', state_words.meaning(term)) if term.meaning else "",
                price.name,
                money(price.money),
                markup(' <span class="tag off">{}</span>', gettext("credit"))
                if term.tone == "credit"
                else "",
            )
            for price in found[:MOST_IN_A_CELL]
            for term in (meanings.get(price.name, UNEXPLAINED),)
        ),
    )
    return markup("{}{}", drawn, and_more(found))


def deal_registration(row: LineRow) -> str:
    """Three states: an answer, a refusal, and nothing at all where it was not tried."""
    registered = row.line.is_deal_registered
    return "" if registered is None else gettext("yes") if registered else gettext("tried, did not qualify")
