"""How a value looks in a cell: words, colour and shape for states, whole IDs, named currencies.

Each function takes a row (or a part of one) and gives safe HTML, or text that the table will escape.
Blank means blank on a page as in a file: an en dash stands only where a reader would look for a value.
"""

from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from django.utils.safestring import SafeString

from orders.domain.identifiers import is_identifier
from orders.domain.instants import zulu
from orders.domain.masking import HIDDEN
from orders.domain.orders import Money, Promotion
from orders.domain.results import LineRow, OrderRow
from orders.domain.terms import Term
from orders.markup import markup, markup_join

NOTHING = "–"


def plain(value: Any) -> str:
    """A value without decoration, nothing for nothing."""
    if value is None or value == "":
        return ""
    if value is True or value is False:
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return zulu(value)
    if isinstance(value, Decimal):
        return amount(value)
    return str(value)


def is_filled(drawn: Any) -> bool:
    """Whether a drawn cell says anything."""
    return drawn not in ("", NOTHING, None)


@lru_cache(maxsize=512)
def term(value: Term) -> SafeString | str:
    """A state: word, colour, shape, and the raw code beside them."""
    if not value:
        return NOTHING
    if not value.known:
        return markup(
            '<span class="tag off" title="Not in our table of codes; shown as it came.">{}</span>',
            value.code,
        )
    return markup(
        '<span class="tag {}"{}>{}{}</span>',
        value.tone,
        markup(' title="{}"', value.meaning) if value.meaning else "",
        value.word,
        markup(' <span class="code">{}</span>', value.code) if _adds_code(value) else "",
    )


@lru_cache(maxsize=512)
def brief_term(value: Term) -> SafeString | str:
    """The same for lists, which would repeat its meaning in every row: the order's own page has it."""
    if not value or not value.known:
        return term(value)
    code = markup(" <small>{}</small>", value.code) if _adds_code(value) else ""
    return markup('<span class="tag {}">{}{}</span>', value.tone, value.word, code)


def _adds_code(value: Term) -> bool:
    return value.code.casefold() != value.word.casefold()


def status(row: OrderRow) -> SafeString | str:
    drawn = brief_term(row.order.status)
    if not row.order.is_deleted:
        return drawn
    return markup('{} <span class="part"><span class="tag off">Deleted</span></span>', drawn)


def attention(row: OrderRow) -> SafeString | str:
    """The attention state, and below it how many retries are used."""
    state, used = row.attention.state, retries(row)
    if not state:
        return markup('<span class="muted">{}</span>', used) if used else ""
    return markup(
        '<span class="tag {}">{}</span>{}',
        state.tone,
        state.word,
        markup(' <span class="part muted">{}</span>', used) if used else "",
    )


@lru_cache(maxsize=64)
def _orders_address(source: str, customer_id: str) -> str:
    return f"/{source}/customers/{quote(customer_id, safe='')}/orders/"


def order_address(source: str, customer_id: str, order_id: str) -> str:
    """The address of an order's page: what `reverse` would give, without its cost in every row."""
    # No character of an ID needs quoting.
    return f"{_orders_address(source, customer_id)}{order_id}/" if is_identifier(order_id) else ""


def order_link(row: OrderRow, trail: str = "") -> SafeString | str:
    """A real link, so that it opens in a new tab. `trail` is the list's query, to lead back to it."""
    address = order_address(row.source, row.customer_id, row.order.order_id)
    if not address:
        return row.order.order_id or "(no ID)"
    if trail:
        address += f"?{trail}"
    return markup('<a href="{}">{}</a>', address, row.order.order_id)


def order_type(row: OrderRow) -> SafeString | str:
    kind, of = row.order.order_type, row.order.reference_order_id
    if not of:
        return kind.word
    address = order_address(row.source, row.customer_id, of)
    link = markup('<a class="id" href="{}">{}</a>', address, of) if address else of
    return markup('{} <span class="of">of {}</span>', kind.word, link)


def instant(moment: datetime | None) -> SafeString | str:
    """`2026-11-20 11:53`, with the full instant for machines and on hover."""
    if moment is None:
        return NOTHING
    exact = zulu(moment)
    return markup('<time datetime="{}" title="{}">{} {}</time>', exact, exact, exact[:10], exact[11:16])


def brief_instant(moment: datetime | None) -> str:
    """The same for lists, as plain text: to the minute, under a heading that names the zone."""
    if moment is None:
        return NOTHING
    exact = zulu(moment)
    return f"{exact[:10]} {exact[11:16]}"


def distance(moment: datetime, now: datetime) -> str:
    """`in 2 days`, `3 hours ago`: only ever shown beside the instant itself."""
    seconds = (moment - now).total_seconds()
    size = abs(seconds)
    for unit, length in (("day", 86400), ("hour", 3600), ("minute", 60)):
        if size >= length:
            count_ = round(size / length)
            words = f"{count_} {unit}{'s' if count_ != 1 else ''}"
            return f"in {words}" if seconds > 0 else f"{words} ago"
    return "now"


def next_attempt(row: OrderRow) -> SafeString | str:
    moment = row.attention.next_attempt
    if moment is None:
        return ""
    parts = [brief_instant(moment), markup("{}", distance(moment, datetime.now(UTC)))]
    if row.attention.is_estimated:
        parts.append(SafeString('<span class="tag wait">estimated</span>'))
    if row.attention.is_overdue:
        parts.append(SafeString('<span class="tag bad">overdue</span>'))
    return markup_join(" ", '<span class="part">{}</span>', ((part,) for part in parts))


def retries(row: OrderRow) -> str:
    """`1 of 3 retries used`: retries, because the first attempt is not counted."""
    retry = row.order.retry
    if retry is None or retry.used is None:
        return ""
    if retry.allowed is None:
        return f"{retry.used} retr{'y' if retry.used == 1 else 'ies'} used"
    return f"{retry.used} of {retry.allowed} retries used"


def reason(row: OrderRow) -> SafeString | str:
    failure = row.order.failure
    if failure is None:
        return ""
    return markup('<span class="id">{}</span> {}', failure.code, failure.message)


# ISO currencies without a smaller unit: nothing is added to their amounts.
_WHOLE_CURRENCIES = frozenset({"CLP", "ISK", "JPY", "KRW", "PYG", "UGX", "VND"})


def amount(value: Decimal, currency: str = "") -> str:
    """Exact, with thousands separated: `1,660.68`. Never rounded, but `14` is shown as `14.00`."""
    exponent = value.as_tuple().exponent
    if currency not in _WHOLE_CURRENCIES and isinstance(exponent, int) and exponent > -2:
        return f"{value:,.2f}"
    return f"{value:,f}"


def money(value: Money) -> str:
    """With its ISO code always; a dash where the upstream gave no amount, which isn't zero."""
    if value.is_masked:
        return f"{value.currency or '(no currency)'}\u00a0{HIDDEN}"
    if value.amount is None:
        return NOTHING
    return f"{value.currency or '(no currency)'}\u00a0{amount(value.amount, value.currency)}"


def total(row: OrderRow) -> str:
    totals = row.order.totals
    if totals is None:
        return NOTHING
    return money(Money(amount=totals.amount, currency=totals.currency or row.order.currency_code))


def count(number: int | None) -> str:
    return "" if number is None else f"{number:,}"


def _promotions(found: tuple[Promotion, ...]) -> SafeString:
    return markup_join(
        ", ",
        '<span class="{}">{} {}</span>',
        (
            (
                promotion.result.tone,
                promotion.code or promotion.promotion_id,
                "✓" if promotion.result.tone == "good" else promotion.result.word.lower(),
            )
            for promotion in found
        ),
    )


def promotions(row: OrderRow) -> SafeString | str:
    return _promotions(row.order.promotions) if row.order.promotions else ""


def line_promotions(row: LineRow) -> SafeString | str:
    applied = _promotions(row.line.promotions)
    asked = [
        code
        for code in row.line.requested_promotions
        if code not in {promotion.code for promotion in row.line.promotions}
    ]
    if not asked:
        return applied
    return markup('{} <span class="muted">asked for: {}</span>', applied, ", ".join(asked))


def quantity(row: LineRow) -> SafeString | str:
    text, left = count(row.line.quantity), row.line.remaining_quantity
    if left is None or left == row.line.quantity:
        return text
    return markup('{} <span class="part muted">{} left</span>', text, count(left))


def prices(row: LineRow) -> SafeString | str:
    return markup_join(
        "",
        '<span class="price"><span class="muted">{}</span> {}</span>',
        ((price.name, money(price.money)) for price in row.line.prices),
    )


def offer(row: LineRow) -> SafeString:
    """The offer ID, and below it what the line belongs to."""
    line = row.line
    parts = [("subscription", line.subscription_id), ("deployment", line.deployment_id)]
    return markup(
        '<span class="id">{}</span>{}',
        line.offer_id or NOTHING,
        markup_join(
            "",
            ' <span class="part muted">{} <span class="id">{}</span></span>',
            ((name, value) for name, value in parts if value),
        ),
    )


def item(row: LineRow) -> SafeString:
    """The title, and below it SKU, offers, subscription, plan and whatever else the line carries."""
    line = row.line
    parts = [markup('<span class="id">{}</span>', line.sku)] if line.sku else []
    for each in line.offers:
        source = f" ({each.source})" if each.source else ""
        discount = f", discount {amount(each.discount)}" if each.discount is not None else ""
        parts.append(markup('offer <span class="id">{}</span>{}{}', each.offer_id, source, discount))
    for name, value in (("subscription", line.subscription_id), ("plan", line.plan.plan_id)):
        if value:
            parts.append(markup('{} <span class="id">{}</span>', name, value))
    if line.description and line.description != line.title:
        parts.append(markup("{}", line.description))
    if line.weight is not None:
        parts.append(markup("weight {} {}", f"{line.weight:f}", line.weight_unit))
    if line.tax_code:
        parts.append(markup("tax code {}", line.tax_code))
    if line.is_one_time:
        parts.append(markup("one-time item, no subscription"))
    parts += [markup("{}: {}", each.name, each.value) for each in line.attributes]
    return markup(
        "{}{}",
        line.title or NOTHING,
        markup_join("", ' <span class="part muted">{}</span>', ((part,) for part in parts)),
    )


def plan(row: LineRow) -> str:
    """`every 30 days`, whatever the upstream calls the unit."""
    frequency, kind = row.line.plan.frequency, row.line.plan.frequency_type
    if frequency is None:
        return "" if row.line.is_one_time else NOTHING
    unit = {"daily": "day", "weekly": "week", "monthly": "month", "yearly": "year"}.get(kind.casefold(), kind)
    return f"every {unit}" if frequency == 1 else f"every {frequency} {unit}s"


def shipping(row: LineRow) -> SafeString | str:
    how = " ".join(filter(None, (row.line.shipping.carrier, row.line.shipping.method)))
    if row.line.shipping.instructions:
        how = f"{how}: {row.line.shipping.instructions}" if how else row.line.shipping.instructions
    if row.line.shipping.cost.amount is None:
        return how or NOTHING
    cost = money(row.line.shipping.cost)
    tax = row.line.shipping.tax
    extra = f" + {money(tax)} tax" if tax.amount else ""
    return markup('{} <span class="part muted">{}{}</span>', how, cost, extra)
