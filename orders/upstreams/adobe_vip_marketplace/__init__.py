"""Adobe VIP Marketplace: its parameters, payloads and codes, translated into ours.

What the vendor documents: https://developer.adobe.com/vipmp/docs/order-management/get-order/
"""

from orders.upstreams.adobe_vip_marketplace.asking import (
    PARAMETERS,
    list_path,
    order_path,
    params,
    read_problem,
)
from orders.upstreams.adobe_vip_marketplace.parse import parse_order, parse_page
from orders.upstreams.adobe_vip_marketplace.source import DESCRIPTION, AdobeVipMarketplace

__all__ = [
    "DESCRIPTION",
    "PARAMETERS",
    "AdobeVipMarketplace",
    "list_path",
    "order_path",
    "params",
    "parse_order",
    "parse_page",
    "read_problem",
]
