"""Documented parameters in, query objects out: one FilterSet per upstream declares each once."""

from orders.filtersets.adobe import AdobeOrderFilterSet
from orders.filtersets.base import UpstreamFilterSet
from orders.filtersets.fabric import FabricOrderFilterSet

FILTERSETS: dict[str, type[UpstreamFilterSet]] = {
    "adobe": AdobeOrderFilterSet,
    "fabric": FabricOrderFilterSet,
}

__all__ = ["FILTERSETS", "AdobeOrderFilterSet", "FabricOrderFilterSet", "UpstreamFilterSet"]
