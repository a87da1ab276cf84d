"""Once a month, where an administrator has switched it on: names from the upstream's own price list."""

import logging

from django.conf import settings

from orders.domain.errors import UpstreamError
from orders.infrastructure import jobs
from orders.services import products
from orders.upstreams import registry

logger = logging.getLogger("orders.products")

_SOURCE = "adobe"
_DAY = 24 * 3600


@jobs.task(queue_name=jobs.REFRESHES)
def ask_for_names() -> None:
    """A day on which it fails is followed by another one."""
    month = products.this_month()
    if not settings.PRICE_LIST or not registry.is_configured(_SOURCE) or products.was_asked(_SOURCE, month):
        return
    try:
        products.ask_price_list(_SOURCE, month)
    except UpstreamError as error:  # its own line in the log has the rest
        logger.warning("the price list could not be had: %s", error.cause)


if settings.PRICE_LIST:
    jobs.every(_DAY, ask_for_names)
