"""fabric Subscriptions as the portal knows it before it asks."""

from orders.domain.descriptions import Description
from orders.domain.identifiers import IDENTIFIER_PATTERN
from orders.domain.selection import FabricOrderQuery
from orders.domain.translatable import gettext_noop as _
from orders.upstreams.fabric_subscriptions import advice, terms
from orders.upstreams.fabric_subscriptions.advice_topics import order_topics
from orders.upstreams.fabric_subscriptions.file_columns import FILE_COLUMNS
from orders.upstreams.fabric_subscriptions.request_parameters import read_problem
from orders.upstreams.fabric_subscriptions.source import FabricSubscriptions
from orders.upstreams.manifests import Manifest, Setting

MANIFEST = Manifest(
    description=Description(
        name="fabric",
        label="fabric Subscriptions",
        short_label="fabric",
        pages_upstream=False,
        query=FabricOrderQuery,
        supports=frozenset(),
        columns=(
            "orderId",
            "scheduledDate",
            "status",
            "nextAttempt",
            "errorCode",
            "totalAmount",
            "lineItemCount",
        ),
        line_columns=(
            "lineItemId",
            "title",
            "frequency",
            "quantity",
            "price",
            "taxAmount",
            "shippingAmount",
        ),
        file_columns=FILE_COLUMNS,
        panels=("customer", "subscriptions"),
        statuses=terms.STATUSES,
        address_pattern=rf"/data-subscription/v1/customers/(?P<customer>{IDENTIFIER_PATTERN})/orders",
        # The documentation's own example of a reference is 12345; Adobe's short IDs look the same.
        customer_id_pattern=r"[0-9a-fA-F]{24}|[0-9]{4,8}",
        default_limit=100,
        ordering="-scheduledDate",
        list_ordering="attention-first",
        totals_note=_("Shipping is not in them."),
        order_advice=advice.ORDERS,
        topics=order_topics,
    ),
    settings=(
        Setting("base_url", "https://prod01.copilot.fabric.inc", "address"),
        Setting("access_token", kind="header"),
        Setting("client_id"),
        Setting("client_secret"),
        Setting("token_url", kind="address"),
    ),
    # One page may take several calls; they share the time of one.
    source=lambda client, budget: FabricSubscriptions(client, budget=budget),
    read_problem=read_problem,
    secret_in="basic",
    scope="s2s",
)
