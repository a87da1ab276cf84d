"""From Adobe's bytes to a customer and their subscriptions, value by value: any of it may be missing."""

import re
from datetime import date

import msgspec

from orders.domain.customers import (
    Commitment,
    Customer,
    Discount,
    Membership,
    Minimum,
    Subscription,
)
from orders.domain.orders import Address, Person
from orders.upstreams.adobe_vip_marketplace import account_terms, account_wire_types
from orders.upstreams.adobe_vip_marketplace.account_wire_types import Profile
from orders.upstreams.adobe_vip_marketplace.links import relations
from orders.upstreams.reading.decoding import (
    Leaf,
    Problems,
    Unreadable,
    flag,
    instant,
    load_exact,
    text,
    whole,
    words,
)
from orders.upstreams.reading.lenient_decoding import damaged_texts, decode_leniently, place

_OWNER = re.compile(r"/customers/([^/?#]+)/subscriptions\b")
_NOBODY = account_wire_types.Customer()
_NOTHING = account_wire_types.Subscription()


def parse_customer(body: bytes) -> Customer:
    """Raises `Unreadable` where it is no customer."""
    problems: Problems = []
    loaded = load_exact(body)
    row = decode_leniently(loaded, account_wire_types.Customer, "", problems)
    if row is None or row == _NOBODY or isinstance(loaded.get("items"), list):
        raise Unreadable("the body is not a customer")
    problems += damaged_texts(body, loaded, "")
    if row.customer_id is None:
        problems.append("customerId")
    profile = row.company_profile or Profile()
    customer = Customer(
        customer_id=text(row.customer_id, "customerId", problems),
        external_reference_id=text(row.external_reference_id, "externalReferenceId", problems),
        reseller_id=text(row.reseller_id, "resellerId", problems),
        company_name=text(profile.company_name, "companyProfile.companyName", problems),
        status=account_terms.customer_status(text(row.status, "status", problems)),
        segment=account_terms.segment(text(profile.market_segment, "companyProfile.marketSegment", problems)),
        sub_segments=words(profile.market_sub_segments, "companyProfile.marketSubSegments", problems),
        is_global=flag(row.global_sales_enabled, "globalSalesEnabled", problems),
        tags=words(row.tags, "tags", problems),
        coterm_date=_day(row.coterm_date, "cotermDate", problems),
        created_at=instant(row.creation_date, "creationDate", problems),
        discounts=_discounts(row, problems),
        commitments=_commitments(row, problems),
        benefits=_other_benefits(row, problems),
        memberships=_memberships(row, problems),
        address=_address(profile.address, problems),
        admins=_admins(profile, problems),
    )
    return msgspec.structs.replace(customer, unreadable=tuple(problems))


class ParsedSubscriptions(msgspec.Struct, frozen=True, kw_only=True):
    """`total_count` is Adobe's own; `named` is whose they are, as their link says, or empty."""

    subscriptions: tuple[Subscription, ...]
    total_count: int | None
    named: str
    lost: int
    unreadable: tuple[str, ...]


def parse_subscriptions(body: bytes) -> ParsedSubscriptions:
    """Raises `Unreadable` where there is no list of them."""
    problems: Problems = []
    loaded = load_exact(body)
    items = loaded.get("items") if isinstance(loaded, dict) else None
    if not isinstance(loaded, dict) or not isinstance(items, list):
        raise Unreadable("`items` is not a list")
    problems += damaged_texts(body, items, "items")
    found, lost = [], 0
    for index, item in enumerate(items):
        start = len(problems)
        row = decode_leniently(item, account_wire_types.Subscription, "", problems)
        if row is None or row == _NOTHING:
            problems.append(f"items[{index}]")
            lost += 1
            continue
        found.append(_subscription(row, problems))
        place(problems, start, f"items[{index}].")
    count = whole(loaded.get("totalCount"), "totalCount", problems)
    return ParsedSubscriptions(
        subscriptions=tuple(found),
        total_count=count,
        named=_named(loaded.get("links")),
        lost=lost,
        unreadable=tuple(problems),
    )


def _named(links: Leaf) -> str:
    target = dict(relations(links)).get("self")
    uri = target.get("uri") if isinstance(target, dict) else None
    found = _OWNER.search(uri) if isinstance(uri, str) else None
    return found[1] if found else ""


def _subscription(row: account_wire_types.Subscription, problems: Problems) -> Subscription:
    renewal = row.auto_renewal or account_wire_types.AutoRenewal()
    return Subscription(
        subscription_id=text(row.subscription_id, "subscriptionId", problems),
        offer_id=text(row.offer_id, "offerId", problems),
        status=account_terms.subscription_status(text(row.status, "status", problems)),
        quantity=whole(row.current_quantity, "currentQuantity", problems),
        used=whole(row.used_quantity, "usedQuantity", problems),
        renewed=whole(row.renewed_quantity, "renewedQuantity", problems),
        renews=flag(renewal.enabled, "autoRenewal.enabled", problems),
        renewal_quantity=whole(renewal.renewal_quantity, "autoRenewal.renewalQuantity", problems),
        renewal_code=text(renewal.renewal_code, "autoRenewal.renewalCode", problems),
        created_at=instant(row.creation_date, "creationDate", problems),
        renewal_date=_day(row.renewal_date, "renewalDate", problems),
        currency_code=text(row.currency_code, "currencyCode", problems),
        deployment_id=text(row.deployment_id, "deploymentId", problems),
        allowed_actions=words(row.allowed_actions, "allowedActions", problems),
    )


def _day(value: Leaf, name: str, problems: Problems) -> date | None:
    """A date without a clock. Of an instant it is the day as written, never that of another time zone."""
    if value is None or value == "":
        return None
    try:
        return date.fromisoformat(str(value).strip()[:10])
    except ValueError:
        problems.append(name)
        return None


def _discounts(row: account_wire_types.Customer, problems: Problems) -> tuple[Discount, ...]:
    found = []
    for index, each in enumerate(row.discounts or ()):
        at = f"discounts[{index}]"
        offer_type = text(each.offer_type, f"{at}.offerType", problems)
        found.append(
            Discount(
                offer_type=offer_type,
                level=account_terms.level(offer_type, text(each.level, f"{at}.level", problems)),
                discount_code=text(each.discount_code, f"{at}.discountCode", problems),
            )
        )
    return tuple(found)


def _commitments(row: account_wire_types.Customer, problems: Problems) -> tuple[Commitment, ...]:
    found = []
    for index, benefit in enumerate(row.benefits or ()):
        parts = (
            ("commitment", benefit.commitment),
            ("commitmentRequest", benefit.commitment_request),
            ("recommitmentRequest", benefit.recommitment_request),
        )
        found += [
            _commitment(name, part, f"benefits[{index}].{name}", problems)
            for name, part in parts
            if part is not None
        ]
    return tuple(found)


def _commitment(name: str, part: account_wire_types.Commitment, at: str, problems: Problems) -> Commitment:
    return Commitment(
        part=name,
        status=account_terms.commitment_status(text(part.status, f"{at}.status", problems)),
        begins_on=_day(part.start_date, f"{at}.startDate", problems),
        ends_on=_day(part.end_date, f"{at}.endDate", problems),
        minimums=tuple(
            Minimum(
                offer_type=text(each.offer_type, f"{at}.minimumQuantities[{index}].offerType", problems),
                quantity=whole(each.quantity, f"{at}.minimumQuantities[{index}].quantity", problems),
            )
            for index, each in enumerate(part.minimum_quantities or ())
        ),
    )


def _other_benefits(row: account_wire_types.Customer, problems: Problems) -> tuple[str, ...]:
    found = []
    for index, each in enumerate(row.benefits or ()):
        kind = text(each.type, f"benefits[{index}].type", problems)
        status = text(each.status, f"benefits[{index}].status", problems)
        if kind and kind != "THREE_YEAR_COMMIT" and status in ("", "ACTIVE"):
            found.append(kind)
    return tuple(found)


def _memberships(row: account_wire_types.Customer, problems: Problems) -> tuple[Membership, ...]:
    return tuple(
        Membership(
            membership_id=text(each.id, f"linkedMembership[{index}].id", problems),
            name=text(each.name, f"linkedMembership[{index}].name", problems),
            kind=text(each.type, f"linkedMembership[{index}].type", problems),
            role=text(
                each.linked_membership_type, f"linkedMembership[{index}].linkedMembershipType", problems
            ),
        )
        for index, each in enumerate(row.linked_membership or ())
    )


def _address(given: account_wire_types.Address | None, problems: Problems) -> Address | None:
    if given is None:
        return None
    at = "companyProfile.address"
    lines = (
        text(given.address_line1, f"{at}.addressLine1", problems),
        text(given.address_line2, f"{at}.addressLine2", problems),
    )
    return Address(
        street=tuple(filter(None, lines)),
        city=text(given.city, f"{at}.city", problems),
        state=text(given.region, f"{at}.region", problems),
        postal_code=text(given.postal_code, f"{at}.postalCode", problems),
        country=text(given.country, f"{at}.country", problems),
        phone=text(given.phone_number, f"{at}.phoneNumber", problems),
    )


def _admins(profile: Profile, problems: Problems) -> tuple[Person, ...]:
    found = []
    for index, each in enumerate(profile.contacts or ()):
        at = f"companyProfile.contacts[{index}]"
        found.append(
            Person(
                first_name=text(each.first_name, f"{at}.firstName", problems),
                last_name=text(each.last_name, f"{at}.lastName", problems),
                email=text(each.email, f"{at}.email", problems),
                phone=text(each.phone_number, f"{at}.phoneNumber", problems),
            )
        )
    return tuple(found)
