"""Adobe VIP Marketplace: its parameters, payloads and codes, translated into ours.

What the vendor documents: https://developer.adobe.com/vipmp/docs/order-management/get-order/
"""

from orders.upstreams.adobe_vip_marketplace.manifest import MANIFEST
from orders.upstreams.adobe_vip_marketplace.parse import parse_order, parse_page
from orders.upstreams.adobe_vip_marketplace.request_parameters import (
    PARAMETERS,
    list_path,
    order_path,
    params,
    read_problem,
)
from orders.upstreams.adobe_vip_marketplace.source import AdobeVipMarketplace

__all__ = [
    "MANIFEST",
    "PARAMETERS",
    "AdobeVipMarketplace",
    "list_path",
    "order_path",
    "params",
    "parse_order",
    "parse_page",
    "read_problem",
]
