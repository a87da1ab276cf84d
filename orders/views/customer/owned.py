"""What a customer owns, as rows of a table."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from orders.domain.customers import Subscription, SubscriptionList
from orders.domain.terms import Term
from orders.presentation.formatters import plan_words
from orders.presentation.numbers import grouped
from orders.presentation.product_formatters import product
from orders.presentation.texts import state_words
from orders.presentation.texts.phrases import brief_day


@dataclass(frozen=True)
class OwnedRow:
    """Texts are empty where nothing was sent, or where what was sent means nothing."""

    subscription: Subscription
    status: Term
    seats: str
    used: str
    at_renewal: str
    renews_on: str
    product: SafeString
    plan: str
    notes: Sequence[str]


def rows(owned: SubscriptionList) -> tuple[list[OwnedRow], list[OwnedRow]]:
    """Those that are still something, and those that are over."""
    drawn = [_row(each) for each in owned.subscriptions]
    over = [row for row in drawn if row.subscription.is_over]
    return [row for row in drawn if row not in over], over


def summary(owned: SubscriptionList, *, has_terms: bool) -> str:
    """`2 active, 46 seats`."""
    active = [each for each in owned.subscriptions if each.is_running]
    if not owned.subscriptions:
        return gettext("nothing")
    seats = [each.quantity for each in active if not each.is_one_off]
    count = ngettext("%(count)s active", "%(count)s active", len(active)) % {"count": grouped(len(active))}
    if not has_terms or not seats or None in seats:
        return count
    total = sum(each or 0 for each in seats)
    words = ngettext("%(active)s, %(seats)s seat", "%(active)s, %(seats)s seats", total)
    return words % {"active": count, "seats": grouped(total)}


def _row(subscription: Subscription) -> OwnedRow:
    day = subscription.renewal_date
    return OwnedRow(
        subscription=subscription,
        status=state_words.named(subscription.status),
        seats=_number(subscription.quantity),
        used=_number(subscription.used),
        at_renewal=_at_renewal(subscription) if subscription.tells_renewal else "",
        renews_on=brief_day(day) if day is not None and subscription.status.code != "1004" else "",
        product=product(subscription.offer_id or subscription.sku, subscription.title),
        plan=plan_words(subscription.plan),
        notes=_notes(subscription),
    )


def _number(number: int | None) -> str:
    return "" if number is None else grouped(number)


def _at_renewal(subscription: Subscription) -> str:
    if subscription.renews is False:
        return gettext("does not renew")
    if subscription.renews is None:
        return ""
    quantity = subscription.renewal_quantity
    return (
        gettext("renews")
        if quantity is None
        else gettext("renews with %(seats)s") % {"seats": grouped(quantity)}
    )


def _notes(subscription: Subscription) -> list[str]:
    found = []
    if subscription.renewed:
        found.append(gettext("%(seats)s renewed early") % {"seats": grouped(subscription.renewed)})
    if subscription.may_renew_late:
        found.append(gettext("Adobe offers a late renewal"))
    if subscription.is_one_off:
        found.append(gettext("a pack with days of its own"))
    if subscription.deployment_id:
        found.append(gettext("deployment %(id)s") % {"id": subscription.deployment_id})
    if subscription.cycles is not None:
        found.append(gettext("%(cycles)s deliveries agreed") % {"cycles": grouped(subscription.cycles)})
    if subscription.is_card_expired:
        found.append(gettext("the card has expired"))
    if subscription.currency_code:
        found.append(subscription.currency_code)
    return found
