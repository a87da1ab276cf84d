"""How a product looks: by its name where one is known, its offer ID beside it."""

from django.utils.safestring import SafeString

from orders.domain.results import LineRow, OrderRow
from orders.presentation import product_names
from orders.presentation.formatters import NOTHING
from orders.presentation.markup import markup, markup_join
from orders.presentation.texts.cell_texts import gettext


def offer(row: LineRow) -> SafeString:
    """The product's name where it is known, the offer ID, and below it what the line belongs to."""
    line = row.line
    parts = [(gettext("subscription"), line.subscription_id), (gettext("deployment"), line.deployment_id)]
    return markup(
        "{}{}",
        product(line.offer_id or NOTHING, product_names.name_of_line(line)),
        markup_join(
            "",
            ' <span class="part muted">{} <span class="id">{}</span></span>',
            ((name, value) for name, value in parts if value),
        ),
    )


def product(offer_id: str, title: str = "") -> SafeString:
    """What an offer is called, its ID beside it; the ID alone where nobody knows."""
    name = title or product_names.name_of(offer_id)
    if not name:
        return markup('<span class="id">{}</span>', offer_id)
    return markup('<span class="name">{}</span> <span class="id part">{}</span>', name, offer_id)


def products(row: OrderRow) -> SafeString | str:
    """The first of its lines' products, and how many more there are; all of them on hover."""
    names = product_names.names_of_order(row.order)
    if len(names) < 2:
        return names[0] if names else NOTHING
    more = gettext("+%(count)s") % {"count": len(names) - 1}
    return markup(
        '<span title="{}">{} <span class="muted">{}</span></span>', "; ".join(names), names[0], more
    )
