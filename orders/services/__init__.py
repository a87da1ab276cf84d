"""The one door: `orders` and `accounts` ask, `guard` admits before and writes down after."""

from orders.index import Hit
from orders.index.changes import SeenChange, seen_changes
from orders.services.accounts import get_customer, list_subscriptions, reveal_customer, was_known
from orders.services.families import get_family
from orders.services.lookups import (
    FoundNumbers,
    find,
    find_for_file,
    find_kept,
    keep_numbers,
    list_exported,
)
from orders.services.number_readings import pages_of
from orders.services.orders import (
    UpstreamState,
    check_upstream,
    describe,
    export_admitted,
    export_downloaded,
    export_ended,
    export_started,
    get_order,
    last_hour,
    list_orders,
    look_up,
    page_for_file,
    reveal_order,
    sources,
    upstream_states,
)
from orders.services.resellers import list_customers_of_reseller

__all__ = [
    "FoundNumbers",
    "Hit",
    "SeenChange",
    "UpstreamState",
    "check_upstream",
    "describe",
    "export_admitted",
    "export_downloaded",
    "export_ended",
    "export_started",
    "find",
    "find_for_file",
    "find_kept",
    "get_customer",
    "get_family",
    "get_order",
    "keep_numbers",
    "last_hour",
    "list_customers_of_reseller",
    "list_exported",
    "list_orders",
    "list_subscriptions",
    "look_up",
    "page_for_file",
    "pages_of",
    "reveal_customer",
    "reveal_order",
    "seen_changes",
    "sources",
    "upstream_states",
    "was_known",
]
