"""How a value looks in a cell: words, colour and shape for states, whole IDs, named currencies.

Each function takes a row (or a part of one) and gives safe HTML, or text that the table will escape.
Blank means blank on a page as in a file: an en dash stands only where a reader would look for a value.
"""

from collections.abc import Callable, Sized
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.urls import get_script_prefix, reverse
from django.utils.safestring import SafeString

from orders.domain.identifiers import is_identifier
from orders.domain.instants import zulu
from orders.domain.line_agreement import lines_disagree
from orders.domain.masking import HIDDEN
from orders.domain.orders import Money, Offer, Plan, Promotion, quantity_left
from orders.domain.results import LineRow, OrderRow
from orders.domain.terms import Term
from orders.presentation.currencies import decimals
from orders.presentation.dates import drawn_moment, moment_words
from orders.presentation.markup import markup, markup_join
from orders.presentation.numbers import as_read, grouped
from orders.presentation.texts import state_words
from orders.presentation.texts.cell_texts import gettext, ngettext, reader_language
from orders.presentation.texts.line_texts import LineBadge, line_badges
from orders.presentation.texts.order_status import status_meaning
from orders.presentation.texts.phrases import distance
from orders.presentation.texts.plain_words import theirs
from orders.presentation.texts.retry_texts import retries_in_brief

NOTHING = "–"
UNEXPLAINED = Term("")


def plain(value: Any) -> str:
    """A value without decoration, nothing for nothing."""
    if value is None or value == "":
        return ""
    if value is True or value is False:
        return gettext("yes") if value else gettext("no")
    if isinstance(value, datetime):
        return zulu(value)
    if isinstance(value, Decimal):
        return amount(value)
    return str(value)


def is_filled(drawn: Any) -> bool:
    """Whether a drawn cell says anything."""
    return drawn not in ("", NOTHING, None)


def term(value: Term) -> SafeString | str:
    """A state: word, colour, shape, and the raw code beside them."""
    return _term(value, state_words.meaning(value), reader_language())


def brief_term(value: Term) -> SafeString | str:
    """The same for lists, which would repeat its meaning in every row: the order's own page has it."""
    return _brief_term(value, reader_language())


@lru_cache(maxsize=512)
def _term(value: Term, meaning: str, language: str) -> SafeString | str:
    """`language` is only here for the cache."""
    if not value:
        return NOTHING
    if not value.known:
        return markup(
            '<span class="tag off" title="{}">{}</span>',
            gettext("Not in our table of codes; shown as it came."),
            value.code,
        )
    return markup(
        '<span class="tag {}"{}>{}{}</span>',
        value.tone,
        markup(' title="{}"', meaning) if meaning else "",
        state_words.word(value),
        markup(' <span class="code">{}</span>', value.code) if _adds_code(value) else "",
    )


@lru_cache(maxsize=512)
def _brief_term(value: Term, language: str) -> SafeString | str:
    if not value or not value.known:
        return _term(value, "", language)
    code = markup(" <small>{}</small>", value.code) if _adds_code(value) else ""
    return markup('<span class="tag {}">{}{}</span>', value.tone, state_words.word(value), code)


def _adds_code(value: Term) -> bool:
    return value.code.casefold() != value.word.casefold()


def status(row: OrderRow) -> SafeString | str:
    """The status, and beside it what keeps it from being the whole truth.

    Where an order is tried again, what becomes of it says more than its status, whose code stays beside it.
    """
    state = row.retry_status.state
    drawn = _retry_state(row) if state else brief_term(row.order.status)
    if not row.order.is_deleted and not lines_disagree(row.order):
        return drawn
    return markup("{}{}", drawn, _beside_status(row, ' <span class="part">{}</span>'))


def _retry_state(row: OrderRow) -> SafeString:
    state, used = row.retry_status.state, retries(row)
    return markup(
        '<span class="tag {}">{} <small>{}</small></span>{}',
        state.tone,
        state_words.word(state),
        row.order.status.code,
        markup(' <span class="part muted">{}</span>', used) if used else "",
    )


def status_tags(row: OrderRow) -> SafeString:
    """The same for the head of the order's own page, with the meaning on hover."""
    drawn = _term(row.order.status, status_meaning(row), reader_language())
    return markup("{}{}", drawn, _beside_status(row, " {}"))


def _beside_status(row: OrderRow, shape: str) -> SafeString:
    badges = list(line_badges(row.order))
    if row.order.is_deleted:
        badges.append(LineBadge(gettext("Deleted"), "off"))
    return markup_join(
        "",
        shape,
        ((markup('<span class="tag {}">{}</span>', badge.tone, badge.words),) for badge in badges),
    )


def retry_status(row: OrderRow) -> SafeString | str:
    """The retry state, and below it how many retries are used."""
    state, used = row.retry_status.state, retries(row)
    if not state:
        return markup('<span class="muted">{}</span>', used) if used else ""
    return markup(
        '<span class="tag {}">{}</span>{}',
        state.tone,
        state_words.word(state),
        markup(' <span class="part muted">{}</span>', used) if used else "",
    )


@lru_cache(maxsize=64)
def _orders_address(prefix: str, source: str, customer_id: str) -> str:
    """`prefix` is only here for the cache: the path that all addresses begin with."""
    return reverse("history", args=[source, customer_id]) if is_identifier(customer_id) else ""


def order_address(source: str, customer_id: str, order_id: str) -> str:
    """The address of an order's page: what `reverse` would give, without its cost in every row."""
    orders = _orders_address(get_script_prefix(), source, customer_id)
    # No character of an ID needs quoting.
    return f"{orders}{order_id}/" if orders and is_identifier(order_id) else ""


def order_link(row: OrderRow, trail: Callable[[OrderRow], str] | None = None) -> SafeString | str:
    """A real link, so that it opens in a new tab. `trail` gives the query that it carries, to lead back."""
    address = order_address(row.source, row.customer_id, row.order.order_id)
    if not address:
        return row.order.order_id or gettext("(no ID)")
    query = trail(row) if trail else ""
    if query:
        address += f"?{query}"
    return markup('<a href="{}">{}</a>', address, row.order.order_id)


def order_type(row: OrderRow) -> SafeString | str:
    kind, of = row.order.order_type, row.order.reference_order_id
    word = state_words.word(kind)
    if not of:
        return word
    address = order_address(row.source, row.customer_id, of)
    link = markup('<a class="id" href="{}">{}</a>', address, of) if address else of
    return markup('{} <span class="of">{}</span>', word, markup(gettext("of {}"), link))


def instant(moment: datetime | None) -> SafeString | str:
    """`Fri 20 Nov, 11:53`, with the full instant for machines and on hover."""
    return NOTHING if moment is None else drawn_moment(moment)


def brief_instant(moment: datetime | None) -> SafeString | str:
    """The same for lists, which have hundreds of them."""
    if moment is None:
        return NOTHING
    return SafeString(f'<time title="{zulu(moment)}">{moment_words(moment)}</time>')


def next_attempt(row: OrderRow) -> SafeString | str:
    """When it is tried again, how far away that is, and whether we derived it."""
    moment = row.retry_status.next_attempt
    if moment is None:
        return ""
    beside = [distance(moment, datetime.now(UTC))]
    if row.retry_status.is_estimated:
        beside.append(gettext("estimated"))
    more = " · ".join(filter(None, beside))
    drawn = brief_instant(moment)
    return markup('{} <span class="muted away">· {}</span>', drawn, more) if more else drawn


def retries(row: OrderRow) -> str:
    """`1 of 3 retries used`; nothing where the order was never tried again."""
    return retries_in_brief(row.retry_status) if row.order.retry is not None else ""


def reason(row: OrderRow) -> SafeString | str:
    failure = row.order.failure
    if failure is None:
        return ""
    return markup(
        '{} <span class="muted">{}</span>',
        theirs(failure.message) or failure.code,
        failure.code if failure.message else "",
    )


def amount(value: Decimal, currency: str = "") -> str:
    """Exact, with thousands separated: `1,660.68`. Never rounded, but with all decimals of its currency: `14`
    is shown as `14.00`, and in Kuwaiti dinars as `14.000`.
    """
    exponent, most = value.as_tuple().exponent, decimals(currency)
    if isinstance(exponent, int) and exponent > -most:
        return as_read(f"{value:,.{most}f}")
    return as_read(f"{value:,f}")


def money(value: Money) -> str:
    """With its ISO code always; a dash where the upstream gave no amount, which isn't zero."""
    currency = value.currency or gettext("(no currency)")
    if value.is_masked:
        return f"{currency}\u00a0{HIDDEN}"
    if value.amount is None:
        return NOTHING
    return f"{currency}\u00a0{amount(value.amount, value.currency)}"


def total(row: OrderRow) -> str:
    totals = row.order.totals
    if totals is None:
        return NOTHING
    return money(Money(amount=totals.amount, currency=totals.currency or row.order.currency_code))


def count(number: int | None) -> str:
    return "" if number is None else grouped(number)


# Of a list within a cell: an upstream may send any number.
MOST_IN_A_CELL = 50


def and_more(entries: Sized) -> SafeString:
    left = len(entries) - MOST_IN_A_CELL
    if left <= 0:
        return SafeString("")
    return markup(' <span class="muted">{}</span>', gettext("and %(count)s more") % {"count": grouped(left)})


def _promotions(found: tuple[Promotion, ...]) -> SafeString:
    drawn = markup_join(
        ", ",
        '<span class="{}">{} {}</span>',
        (
            (
                promotion.result.tone,
                promotion.code or promotion.promotion_id,
                "✓" if promotion.result.tone == "good" else state_words.word(promotion.result).lower(),
            )
            for promotion in found[:MOST_IN_A_CELL]
        ),
    )
    return markup("{}{}", drawn, and_more(found)) if len(found) > MOST_IN_A_CELL else drawn


def promotions(row: OrderRow) -> SafeString | str:
    return _promotions(row.order.promotions) if row.order.promotions else ""


def line_promotions(row: LineRow) -> SafeString | str:
    applied = _promotions(row.line.promotions)
    known = {promotion.code for promotion in row.line.promotions}
    asked = [code for code in row.line.requested_promotions if code not in known]
    if not asked:
        return applied
    codes = ", ".join(asked[:MOST_IN_A_CELL])
    words = gettext("asked for: %(codes)s") % {"codes": codes}
    return markup('{} <span class="muted">{}{}</span>', applied, words, and_more(asked))


def quantity(row: LineRow) -> SafeString | str:
    text, left = count(row.line.quantity), quantity_left(row.parent.order, row.line)
    if left is None or left == row.line.quantity:
        return text
    return markup(
        '{} <span class="part muted">{}</span>', text, gettext("%(count)s left") % {"count": count(left)}
    )


def item(row: LineRow) -> SafeString:
    """The title, and below it SKU, offers, subscription, plan and whatever else the line carries."""
    line = row.line
    parts = [markup('<span class="id">{}</span>', line.sku)] if line.sku else []
    parts += [_offer_of_item(each) for each in line.offers]
    for words, value in (
        (gettext("subscription {}"), line.subscription_id),
        (gettext("plan {}"), line.plan.plan_id),
    ):
        if value:
            parts.append(markup(words, markup('<span class="id">{}</span>', value)))
    if line.description and line.description != line.title:
        parts.append(markup("{}", line.description))
    if line.weight is not None:
        parts.append(markup(gettext("weight {} {}"), f"{line.weight:f}", line.weight_unit))
    if line.tax_code:
        parts.append(markup(gettext("tax code {}"), line.tax_code))
    if line.is_one_time:
        parts.append(markup("{}", gettext("one-time item, no subscription")))
    parts += [markup("{}: {}", each.name, each.value) for each in line.attributes[:MOST_IN_A_CELL]]
    parts += filter(None, [and_more(line.attributes)])
    return markup(
        "{}{}",
        line.title or NOTHING,
        markup_join("", ' <span class="part muted">{}</span>', ((part,) for part in parts)),
    )


def _offer_of_item(offer: Offer) -> SafeString:
    """`offer 123 (PDP), discount 5.00`."""
    parts = [markup(gettext("offer {}"), markup('<span class="id">{}</span>', offer.offer_id))]
    if offer.source:
        parts.append(markup("({})", offer.source))
    if offer.discount is not None:
        parts.append(markup(gettext("discount {}"), amount(offer.discount)))
    return markup_join(" ", "{}", ((part,) for part in parts))


def plan(row: LineRow) -> str:
    """`every 30 days`, whatever the upstream calls the unit."""
    if row.line.plan.frequency is None and row.line.is_one_time:
        return ""
    return plan_words(row.line.plan)


def plan_words(plan: Plan) -> str:
    frequency, kind = plan.frequency, plan.frequency_type
    if frequency is None or frequency < 1:
        return NOTHING
    count_ = {"count": frequency, "unit": kind}
    match kind.casefold():
        case "daily":
            return ngettext("every day", "every %(count)s days", frequency) % count_
        case "weekly":
            return ngettext("every week", "every %(count)s weeks", frequency) % count_
        case "monthly":
            return ngettext("every month", "every %(count)s months", frequency) % count_
        case "yearly":
            return ngettext("every year", "every %(count)s years", frequency) % count_
    return gettext("every %(count)s %(unit)s") % count_ if kind else NOTHING


def shipping(row: LineRow) -> SafeString | str:
    how = " ".join(filter(None, (row.line.shipping.carrier, row.line.shipping.method)))
    if row.line.shipping.instructions:
        how = f"{how}: {row.line.shipping.instructions}" if how else row.line.shipping.instructions
    if row.line.shipping.cost.amount is None:
        return how or NOTHING
    cost, tax = money(row.line.shipping.cost), row.line.shipping.tax
    if tax.amount:
        cost = gettext("%(cost)s + %(tax)s tax") % {"cost": cost, "tax": money(tax)}
    return markup('{} <span class="part muted">{}</span>', how, cost)
