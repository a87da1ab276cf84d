"""Who a customer is and what they own, for scripts: what their panels show, masked like them."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Annotated, Any

import msgspec
from django.http import Http404, HttpResponse
from django.utils.translation import gettext, ngettext

from orders import services
from orders.domain.customers import Commitment, CustomerDetails, Discount, Subscription, SubscriptionList
from orders.domain.descriptions import Description
from orders.domain.errors import UpstreamError
from orders.domain.freshness import Freshness
from orders.domain.instants import zulu
from orders.domain.orders import Address, Person
from orders.people.api_tokens import Scope
from orders.people.permissions import rights_in
from orders.presentation import product_names
from orders.presentation.filtersets.parameters import SINGLE_USE
from orders.presentation.numbers import grouped
from orders.presentation.records import Instant
from orders.presentation.texts.state_words import named
from orders.presentation.texts.term_texts import renewal_words, term_notes, term_words
from orders.views.api.answers import Age, ApiView, Notice, aged, json_answer, listing_type
from orders.views.api.notices import ignored, stale, unreadable
from orders.views.api.operations import Operation, Reply, customer, freshness
from orders.views.shared import problems, retry_tokens
from orders.views.shared.failures import failure_of
from orders.views.shared.query_strings import takes
from orders.views.shared.requests import PortalRequest

Day = Annotated[str, msgspec.Meta(extra_json_schema={"format": "date"})]


class Level(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    offer_type: str
    level: str | None
    level_meaning: str | None
    discount_code: str | None


class Minimum(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    offer_type: str
    quantity: int | None


class CommitmentRecord(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One part of a three-year commitment, under Adobe's name for it."""

    part: str
    status: str | None
    status_meaning: str | None
    start_date: Day | None
    end_date: Day | None
    minimum_quantities: list[Minimum]


class Membership(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    id: str | None
    name: str | None
    type: str | None
    linked_membership_type: str | None


class Contact(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    first_name: str | None
    last_name: str | None
    email: str | None
    phone_number: str | None


class Place(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    street: list[str]
    postal_code: str | None
    city: str | None
    region: str | None
    country: str | None
    phone_number: str | None


class AdobeCustomer(Age, frozen=True, kw_only=True, rename="camel"):
    """Both days of the term belong to it; null where none is running. `term_notes` say what is in doubt."""

    customer_id: str
    external_reference_id: str | None
    reseller_id: str | None
    company_name: str | None
    status: str | None
    status_meaning: str | None
    market_segment: str | None
    market_sub_segments: list[str]
    global_sales_enabled: bool | None
    tags: list[str]
    creation_date: Instant | None
    coterm_date: Day | None
    term_start: Day | None
    term_end: Day | None
    term_words: str
    term_notes: list[str]
    bought_to: Day | None
    discounts: list[Level]
    commitments: list[CommitmentRecord]
    benefits: list[str]
    linked_memberships: list[Membership]
    admins: list[Contact]
    address: Place | None


class AdobeSubscription(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """`offer_id` is of the base level. What is said of a renewal is null where it means nothing."""

    subscription_id: str | None
    offer_id: str | None
    product_name: str | None
    status: str | None
    status_meaning: str | None
    current_quantity: int | None
    used_quantity: int | None
    renewed_quantity: int | None
    auto_renewal: bool | None
    renewal_quantity: int | None
    renewal_code: str | None
    creation_date: Instant | None
    renewal_date: Day | None
    currency_code: str | None
    deployment_id: str | None
    allowed_actions: list[str]


AdobeSubscriptions: Any = listing_type("AdobeSubscriptions", AdobeSubscription)


def operations() -> Iterator[Operation]:
    for each in services.sources():
        at = {"label": each.label}
        if not each.has_terms:
            continue  # these types are those of customers with terms
        if "customer" in each.panels:
            yield Operation(
                path=f"/{each.name}/customers/{{customerId}}",
                name=f"{each.name}Customer",
                summary=gettext("Who the customer is, at %(label)s") % at,
                scope=Scope.READ,
                parameters=(customer(), freshness()),
                replies={200: Reply(words=gettext("The customer, masked."), body=AdobeCustomer)},
            )
        if "subscriptions" in each.panels:
            yield Operation(
                path=f"/{each.name}/customers/{{customerId}}/subscriptions",
                name=f"{each.name}Subscriptions",
                summary=gettext("What the customer owns, at %(label)s") % at,
                scope=Scope.READ,
                parameters=(customer(), freshness()),
                replies={200: Reply(words=gettext("All of it at once."), body=AdobeSubscriptions)},
            )


class CustomerView(ApiView):
    """200 with the customer, else the failure's status."""

    def get(self, request: PortalRequest, source: str, customer_id: str) -> HttpResponse:
        description = _described(source, "customer")
        try:
            details = services.get_customer(**_which(request, source, customer_id))
        except UpstreamError as error:
            return _failed(request, description, error)
        notices = [
            *_notices(request, description, details.freshness),
            *unreadable(details.customer.unreadable),
        ]
        return json_answer(_customer(details, description, notices))


class SubscriptionsView(ApiView):
    """200 with all that the customer owns, else the failure's status."""

    def get(self, request: PortalRequest, source: str, customer_id: str) -> HttpResponse:
        description = _described(source, "subscriptions")
        try:
            owned = services.list_subscriptions(**_which(request, source, customer_id))
        except UpstreamError as error:
            return _failed(request, description, error)
        notices = list(_notices(request, description, owned.freshness))
        if owned.lost:
            lost = ngettext("%(lost)s row could not be read.", "%(lost)s rows could not be read.", owned.lost)
            lost %= {"lost": grouped(owned.lost)}
            notices.append(Notice(notice="unreadable-rows", text=lost))
        return json_answer(_subscriptions(owned, notices))


def _described(source: str, panel: str) -> Description:
    found = {each.name: each for each in services.sources()}
    if source not in found or panel not in found[source].panels or not found[source].has_terms:
        raise Http404(f"no upstream called {source} tells of {panel}")
    return found[source]


def _which(request: PortalRequest, source: str, customer_id: str) -> dict[str, Any]:
    return {
        "actor": request.user,
        "rights": rights_in(request),
        "source": source,
        "customer_id": customer_id,
        "correlation_id": retry_tokens.redeem(request),
        "takes": takes(request.GET),
    }


def _failed(request: PortalRequest, description: Description, error: UpstreamError) -> HttpResponse:
    failure = failure_of(request, error, label=description.label, what="customer")
    return failure.mark(problems.answer(request, problems.problem_of(request, failure)))


def _notices(request: PortalRequest, description: Description, age: Freshness) -> Iterator[Notice]:
    yield from stale(request, age, label=description.label, what="customer")
    yield from ignored(sorted(name for name in request.GET if name not in SINGLE_USE), description)


def _customer(details: CustomerDetails, description: Description, notices: list[Notice]) -> AdobeCustomer:
    of, term = details.customer, details.term
    status = named(of.status)
    return AdobeCustomer(
        customer_id=of.customer_id,
        external_reference_id=of.external_reference_id or None,
        reseller_id=of.reseller_id or None,
        company_name=of.company_name or None,
        status=status.code or None,
        status_meaning=status.word or None,
        market_segment=of.segment.code or None,
        market_sub_segments=list(of.sub_segments),
        global_sales_enabled=of.is_global,
        tags=list(of.tags),
        creation_date=_instant(of.created_at),
        coterm_date=_day(of.coterm_date),
        term_start=_day(term.first_day),
        term_end=_day(term.last_day),
        term_words=" · ".join(
            filter(None, (term_words(term), renewal_words(term, datetime.now(UTC).date())))
        ),
        term_notes=term_notes(term, description.short_label),
        bought_to=_day(term.bought_to),
        discounts=list(map(_level, of.discounts)),
        commitments=list(map(_commitment, of.commitments)),
        benefits=list(of.benefits),
        linked_memberships=[
            Membership(
                id=each.membership_id or None,
                name=each.name or None,
                type=each.kind or None,
                linked_membership_type=each.role or None,
            )
            for each in of.memberships
        ],
        admins=list(map(_contact, of.admins)),
        address=None if of.address is None else _place(of.address),
        **aged(details.freshness, notices),
    )


def _subscriptions(owned: SubscriptionList, notices: list[Notice]) -> msgspec.Struct:
    items = list(map(_subscription, owned.subscriptions))
    made: msgspec.Struct = AdobeSubscriptions(
        items=items,
        total_count=len(items) if owned.total_count is None else owned.total_count,
        offset=0,
        limit=len(items),
        **aged(owned.freshness, notices),
    )
    return made


def _subscription(each: Subscription) -> AdobeSubscription:
    status, tells = named(each.status), each.tells_renewal
    return AdobeSubscription(
        subscription_id=each.subscription_id or None,
        offer_id=each.offer_id or None,
        product_name=product_names.name_of(each.offer_id) or None,
        status=status.code or None,
        status_meaning=status.word or None,
        current_quantity=each.quantity,
        used_quantity=each.used,
        renewed_quantity=each.renewed,
        auto_renewal=each.renews if tells else None,
        renewal_quantity=each.renewal_quantity if tells else None,
        renewal_code=each.renewal_code or None,
        creation_date=_instant(each.created_at),
        renewal_date=_day(each.renewal_date),
        currency_code=each.currency_code or None,
        deployment_id=each.deployment_id or None,
        allowed_actions=list(each.allowed_actions),
    )


def _level(each: Discount) -> Level:
    level = named(each.level)
    return Level(
        offer_type=each.offer_type,
        level=level.code or None,
        level_meaning=level.word or None,
        discount_code=each.discount_code or None,
    )


def _commitment(each: Commitment) -> CommitmentRecord:
    status = named(each.status)
    return CommitmentRecord(
        part=each.part,
        status=status.code or None,
        status_meaning=status.word or None,
        start_date=_day(each.begins_on),
        end_date=_day(each.ends_on),
        minimum_quantities=[
            Minimum(offer_type=one.offer_type, quantity=one.quantity) for one in each.minimums
        ],
    )


def _contact(each: Person) -> Contact:
    return Contact(
        first_name=each.first_name or None,
        last_name=each.last_name or None,
        email=each.email or None,
        phone_number=each.phone or None,
    )


def _place(each: Address) -> Place:
    return Place(
        street=list(each.street),
        postal_code=each.postal_code or None,
        city=each.city or None,
        region=each.state or None,
        country=each.country or None,
        phone_number=each.phone or None,
    )


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _instant(at: datetime | None) -> str | None:
    return None if at is None else zulu(at)
