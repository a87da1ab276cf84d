"""fabric Subscriptions: its address, payloads and codes, translated into ours.

The vendor documents the call as 'Get all orders' of its Subscriptions API: https://developer.fabric.inc
"""

from orders.upstreams.fabric_subscriptions.manifest import MANIFEST
from orders.upstreams.fabric_subscriptions.parse import Refused, find_order, parse_page
from orders.upstreams.fabric_subscriptions.request_parameters import (
    further_params,
    list_path,
    params,
    read_problem,
)
from orders.upstreams.fabric_subscriptions.source import FabricSubscriptions

__all__ = [
    "MANIFEST",
    "FabricSubscriptions",
    "Refused",
    "find_order",
    "further_params",
    "list_path",
    "params",
    "parse_page",
    "read_problem",
]
