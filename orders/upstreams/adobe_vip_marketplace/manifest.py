"""Adobe VIP Marketplace as the portal knows it before it asks."""

from orders.domain.descriptions import Description
from orders.domain.identifiers import IDENTIFIER_PATTERN
from orders.domain.translatable import gettext_noop as _
from orders.upstreams.adobe_vip_marketplace import advice, terms
from orders.upstreams.adobe_vip_marketplace.advice_topics import order_topics
from orders.upstreams.adobe_vip_marketplace.file_columns import FILE_COLUMNS
from orders.upstreams.adobe_vip_marketplace.price_columns import LINE_PRICES, ORDER_PRICES
from orders.upstreams.adobe_vip_marketplace.request_parameters import (
    PRICE_LIST,
    PRICE_PARAMETER,
    SENT,
    AdobeOrderQuery,
    read_problem,
)
from orders.upstreams.adobe_vip_marketplace.source import AdobeVipMarketplace
from orders.upstreams.manifests import Manifest, Requirement, Setting

MANIFEST = Manifest(
    description=Description(
        name="adobe",
        label="Adobe VIP Marketplace",
        short_label="Adobe",
        pages_upstream=True,
        query=AdobeOrderQuery,
        supports=frozenset({*SENT, "limit", "offset"}),
        columns=(
            "orderId",
            "creationDate",
            "orderType",
            "status",
            "productNames",
            "externalReferenceId",
            "lineItemCount",
            "totalQuantity",
            "promotionCodes",
        ),
        line_columns=(
            "extLineItemNumber",
            "offerId",
            "quantity",
            "status",
            "currencyCode",
            "discountCode",
            "promotionCodes",
            "proratedDays",
            "linePrices",
            "isDealRegistered",
            "referenceLineItemNumber",
        ),
        file_columns=FILE_COLUMNS,
        statuses=terms.STATUSES,
        order_types=terms.ORDER_TYPES,
        returnable_types=terms.RETURNABLE,
        ordering="-creationDate",
        address_pattern=(
            rf"/v3/customers/(?P<customer>{IDENTIFIER_PATTERN})"
            rf"/orders(?:/(?P<order>{IDENTIFIER_PATTERN}))?"
        ),
        customer_id_pattern=r"(?=.{4,40}\Z)[A-Z]{0,2}[0-9]+",
        default_limit=25,
        price_parameter=PRICE_PARAMETER,
        panels=("customer", "subscriptions"),
        has_terms=True,
        lists_resellers=True,
        order_panels=("family",),
        prices=terms.PRICES,
        order_prices=ORDER_PRICES,
        line_prices=LINE_PRICES,
        totals_note=_("They need not be the sum of the lines, and hold no tax."),
        order_advice=advice.ORDERS,
        refusal_advice=advice.REFUSALS,
        topics=order_topics,
    ),
    settings=(
        Setting("base_url", "https://partners.adobe.io", "address"),
        Setting("api_key", kind="header"),
        Setting("access_token", kind="header"),
        Setting("client_id", kind="header"),
        Setting("client_secret"),
        Setting("token_url", "https://ims-na1.adobelogin.com/ims/token/v3", "address"),
        Setting("scopes", "openid,AdobeID,read_organizations"),
    ),
    source=lambda client, budget: AdobeVipMarketplace(client),
    read_problem=read_problem,
    reading_posts=frozenset({PRICE_LIST}),
    secret_in="body",
    # The client ID doubles as the API key, so that one of the two is enough.
    headers=lambda given: {"X-Api-Key": given["api_key"] or given["client_id"]},
    requirements=(
        Requirement(
            having="access_token",
            one_of=("api_key", "client_id"),
            said="adobe has a token but no ADOBE_API_KEY",
            check_id="orders.W002",
        ),
        Requirement(
            having="api_key",
            one_of=("access_token", "client_id", "client_secret"),
            said=(
                "adobe has an API key but no token: also set ADOBE_ACCESS_TOKEN, or ADOBE_CLIENT_ID and "
                "ADOBE_CLIENT_SECRET"
            ),
            check_id="orders.W003",
        ),
    ),
)
