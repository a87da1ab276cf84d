"""What stands on an order's page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import msgspec
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from orders import services
from orders.domain.bounded_text import cut
from orders.domain.descriptions import Description
from orders.domain.orders import Line, Order
from orders.domain.results import LineRow, OrderDetails, OrderRow
from orders.domain.standing import standing
from orders.domain.terms import Term
from orders.people.advice_texts import edited_texts
from orders.presentation import formatters
from orders.presentation.columns import LINE_COLUMNS
from orders.presentation.columns.price_columns import price_meanings
from orders.presentation.support_text import order_support_text
from orders.presentation.tables import LineTable
from orders.presentation.texts import advice, state_words
from orders.presentation.texts.order_sentence import order_sentence
from orders.presentation.texts.phrases import paragraph
from orders.presentation.texts.plain_words import theirs_within
from orders.presentation.texts.retry_texts import retry_words
from orders.services import watching
from orders.views.order import detail_panels
from orders.views.order.line_pages import LinePage, line_page
from orders.views.order.timeline import LaneStep, lane
from orders.views.shared.failures import Failure
from orders.views.shared.previous_and_next import Walk
from orders.views.shared.query_strings import FRESH, with_changes
from orders.views.shared.requests import PortalRequest
from orders.views.shared.reveal import RevealForm, has_people

_LONGEST_RAW = 1_000_000  # characters of JSON on a page; a browser with more of it is of no use


@dataclass(frozen=True)
class OrderPage:
    """Which order; then what failed, or the order with all it carries, and what is hidden of it.

    `list_address` leads back to the history; addresses are empty where there is nothing to lead to.
    """

    description: Description
    customer_id: str
    order_id: str
    list_address: str
    walk: Walk | None = None

    failure: Failure | None = None

    details: OrderDetails | None = None
    order: Order | None = None
    retry_state: Term | None = None
    status_tags: SafeString | str = ""
    sentence: str = ""
    sentence_marked: SafeString | str = ""
    advice: Sequence[str] = ()
    clock: Sequence[detail_panels.Step] = ()
    lane: Sequence[LaneStep] = ()
    retry_words: str = ""
    lines: LineTable | None = None
    lines_pager: LinePage | None = None
    cancelling_lines: LineTable | None = None
    cancelling_pager: LinePage | None = None
    promotions: Sequence[Mapping[str, Any]] = ()
    promotion_ids: bool = False
    totals: Sequence[tuple[str, str, bool]] = ()
    price_meanings: Sequence[Term] = ()
    totals_note: str = ""
    blocks: Sequence[detail_panels.Block] = ()
    links: detail_panels.Block | None = None
    raw_json: str = ""
    is_raw_cut: bool = False
    family_address: str = ""
    price_address: str = ""
    are_prices_withheld: bool = False
    refresh_address: str = ""
    hide_address: str = ""
    is_unsettled: bool = False
    is_watched: bool = False
    support_text: str = ""

    is_masked: bool = False
    may_reveal: bool = False
    reveal_form: RevealForm | None = None
    reveal_reason: str = ""
    is_reveal_repeated: bool = False


def with_order(
    request: PortalRequest, page: OrderPage, details: OrderDetails, with_prices: bool
) -> OrderPage:
    """The same with everything that the order carries."""
    description, row, order = page.description, details.row, details.order
    lines = line_page(request.GET, "lines-offset", order.lines, gettext("Pages of line items"))
    cancelling = line_page(
        request.GET, "cancelling-offset", order.cancelling_lines, gettext("Pages of cancelled items")
    )
    raw = msgspec.json.format(msgspec.json.encode(details.raw), indent=2).decode()
    is_masked = not details.is_revealed and has_people(details)
    may_see_prices = details.rights.may_see_prices
    sentence = order_sentence(row, now=details.fetched_at)
    is_unsettled = standing(order).is_unsettled
    return replace(
        page,
        details=details,
        order=order,
        retry_state=state_words.named(row.retry_status.state),
        status_tags=formatters.status_tags(row),
        sentence=sentence,
        sentence_marked=theirs_within(sentence, order.failure.message if order.failure else ""),
        advice=advice.told(advice.order_topics(row), edited_texts()),
        clock=detail_panels.clock(row),
        lane=lane(
            details,
            services.seen_changes(description.name, page.customer_id, page.order_id),
            description.statuses,
        ),
        retry_words=retry_words(order, row.retry_status),
        lines=_line_table(row, lines.shown, description),
        lines_pager=lines,
        cancelling_lines=_line_table(row, cancelling.shown, description),
        cancelling_pager=cancelling,
        promotions=detail_panels.promotions(lines.shown),
        promotion_ids=any(promotion.promotion_id for promotion in order.promotions),
        totals=detail_panels.totals(order, description.prices),
        price_meanings=price_meanings([order], description.prices),
        totals_note=paragraph(
            gettext("As %(label)s sent them.") % {"label": description.short_label},
            gettext(description.totals_note) if description.totals_note else "",
        ),
        may_reveal=details.rights.may_reveal and is_masked,
        is_masked=is_masked,
        blocks=detail_panels.blocks(row),
        links=detail_panels.links_block(order),
        raw_json=cut(raw, _LONGEST_RAW),
        is_raw_cut=len(raw) > _LONGEST_RAW,
        family_address=(
            reverse("family", args=[description.name, page.customer_id, page.order_id])
            if "family" in description.order_panels
            else ""
        ),
        price_address=(
            with_changes(request.GET, {description.price_parameter: "true"})
            if description.offers_prices and not with_prices and may_see_prices
            else ""
        ),
        are_prices_withheld=description.offers_prices and with_prices and not may_see_prices,
        refresh_address=with_changes(request.GET, FRESH),
        hide_address=with_changes(request.GET, {}),
        is_unsettled=is_unsettled,
        is_watched=is_unsettled
        and watching.is_watching(request.user, description.name, page.customer_id, page.order_id),
        support_text=order_support_text(
            label=description.label,
            row=row,
            exchange=details.exchange,
            page=request.build_absolute_uri(request.path),
        ),
    )


def _line_table(row: OrderRow, lines: Sequence[Line], description: Description) -> LineTable | None:
    """The lines shown, without the columns that would be blank in every one of them."""
    rows = [LineRow(parent=row, line=line) for line in lines]
    if not rows:
        return None
    filled = [
        name
        for index, name in enumerate(description.line_columns)
        if index == 0 or any(formatters.is_filled(LINE_COLUMNS[name].draw(each)) for each in rows)
    ]
    return LineTable.for_lines(rows, filled)
