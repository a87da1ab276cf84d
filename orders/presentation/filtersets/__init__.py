"""Documented parameters in, query objects out: one FilterSet per upstream declares each once.

Each upstream's stands in a module of its name: `adobe.py` has `AdobeOrderFilterSet`.
"""

from django.utils.module_loading import import_string

from orders.presentation.filtersets.base import UpstreamFilterSet
from orders.upstreams import catalogue

FILTERSETS: dict[str, type[UpstreamFilterSet]] = {
    name: import_string(f"{__name__}.{name}.{name.capitalize()}OrderFilterSet") for name in catalogue.names()
}

__all__ = ["FILTERSETS", "UpstreamFilterSet"]
