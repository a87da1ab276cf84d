"""What is known of each upstream without asking it: pages, filters, files, imports and settings read it here.

The one list of adapters: whoever adds one, adds its folder's name here.
"""

from orders.domain.descriptions import Description
from orders.upstreams import adobe_vip_marketplace, fabric_subscriptions
from orders.upstreams.manifests import Manifest

ADAPTERS = (adobe_vip_marketplace, fabric_subscriptions)

MANIFESTS: dict[str, Manifest] = {each.MANIFEST.name: each.MANIFEST for each in ADAPTERS}


def names() -> list[str]:
    return list(MANIFESTS)


def describe(name: str) -> Description:
    """What an upstream is called, what it can do and which columns it has. KeyError for none such."""
    return MANIFESTS[name].description


def descriptions() -> list[Description]:
    """Every upstream of this portal, configured or not."""
    return [each.description for each in MANIFESTS.values()]
