"""Adobe's customers and subscriptions on the wire: which keys we read, and where lists and objects are.

https://developer.adobe.com/vipmp/docs/customer-account/ and …/docs/subscription-management/
"""

from orders.upstreams.adobe_vip_marketplace.wire_types import Wire
from orders.upstreams.reading.decoding import Leaf


class Address(Wire, frozen=True, gc=False):
    country: Leaf = None
    region: Leaf = None
    city: Leaf = None
    address_line1: Leaf = None
    address_line2: Leaf = None
    postal_code: Leaf = None
    phone_number: Leaf = None


class Contact(Wire, frozen=True, gc=False):
    first_name: Leaf = None
    last_name: Leaf = None
    email: Leaf = None
    phone_number: Leaf = None


class Profile(Wire, frozen=True, gc=False):
    company_name: Leaf = None
    market_segment: Leaf = None
    market_sub_segments: Leaf = None
    address: Address | None = None
    contacts: list[Contact] | None = None


class Discount(Wire, frozen=True, gc=False):
    offer_type: Leaf = None
    level: Leaf = None
    discount_code: Leaf = None


class Minimum(Wire, frozen=True, gc=False):
    offer_type: Leaf = None
    quantity: Leaf = None


class Commitment(Wire, frozen=True, gc=False):
    start_date: Leaf = None
    end_date: Leaf = None
    status: Leaf = None
    minimum_quantities: list[Minimum] | None = None


class Benefit(Wire, frozen=True, gc=False):
    type: Leaf = None
    status: Leaf = None
    commitment: Commitment | None = None
    commitment_request: Commitment | None = None
    recommitment_request: Commitment | None = None


class Membership(Wire, frozen=True, gc=False):
    """An object in all samples, a list in the prose."""

    id: Leaf = None
    name: Leaf = None
    type: Leaf = None
    linked_membership_type: Leaf = None


class Customer(Wire, frozen=True, gc=False):
    customer_id: Leaf = None
    external_reference_id: Leaf = None
    reseller_id: Leaf = None
    global_sales_enabled: Leaf = None
    tags: Leaf = None
    company_profile: Profile | None = None
    discounts: list[Discount] | None = None
    coterm_date: Leaf = None
    creation_date: Leaf = None
    status: Leaf = None
    benefits: list[Benefit] | None = None
    linked_membership: list[Membership] | None = None


class AutoRenewal(Wire, frozen=True, gc=False):
    enabled: Leaf = None
    renewal_quantity: Leaf = None
    renewal_code: Leaf = None


class Subscription(Wire, frozen=True, gc=False):
    subscription_id: Leaf = None
    offer_id: Leaf = None
    status: Leaf = None
    current_quantity: Leaf = None
    used_quantity: Leaf = None
    renewed_quantity: Leaf = None
    auto_renewal: AutoRenewal | None = None
    creation_date: Leaf = None
    renewal_date: Leaf = None
    currency_code: Leaf = None
    deployment_id: Leaf = None
    allowed_actions: Leaf = None
