"""What the value of a setting has to pass, beside the checks that the settings' reader brings along."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from environs import ValidationError

from orders.infrastructure import job_queues as queues
from orders.upstreams import catalogue
from orders.upstreams.manifests import Setting


def address(value: str) -> None:
    """Refuses what the upstream client would otherwise refuse at the first page."""
    try:
        parts = urlsplit(value)
        is_sound = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        is_sound = False
    if not is_sound or set("@?# ") & set(value):
        raise ValidationError("not an address")


def proxy_address(value: str) -> None:
    """`http://host:port`, also with a name and a password; an outward proxy is asked in the clear."""
    if not value:
        return
    try:
        parts = urlsplit(value)
        is_sound = parts.scheme == "http" and parts.hostname and parts.port and parts.path in {"", "/"}
    except ValueError:
        is_sound = False
    if not is_sound or set("?# ") & set(value):
        raise ValidationError("not the address of a proxy")


def address_if_any(value: str) -> None:
    if value:
        address(value)


def broker(value: str) -> None:
    """Empty, or the address of a Redis or RabbitMQ."""
    try:
        parts = urlsplit(value)
        is_sound = parts.scheme in {"redis", "rediss", "amqp", "amqps"} and parts.hostname and parts.port != 0
    except ValueError:
        is_sound = False
    if value and not is_sound:
        raise ValidationError("not the address of a broker")


def _header_value(value: str) -> None:
    if not re.fullmatch(r"[\x21-\x7e]*", value):
        raise ValidationError("can't stand in a request header")


def portal_address(value: str) -> None:
    if not re.fullmatch(r"(https?://[\w.:\[\]-]+(/[\w.~-]+)*/?)?", value, re.ASCII):
        raise ValidationError("not an address like https://portal.example")


def path_prefix(value: str) -> None:
    if not re.fullmatch(r"(/[\w.~-]+)*", value, re.ASCII):
        raise ValidationError("not a path like /portal")


def check_of(setting: Setting) -> Callable[[str], None]:
    """What the value of an upstream's setting has to pass."""
    match setting.kind:
        case "address":
            return address if setting.default else address_if_any
        case "header":
            return _header_value
    return lambda value: None


def queue_list(value: str) -> None:
    try:
        queues.parsed(value)
    except queues.BadQueues:
        raise ValidationError("not a list of queues") from None


def rates(value: dict[str, float]) -> None:
    """`adobe=150,fabric=20`; 0 is no limit."""
    if not value.keys() <= catalogue.MANIFESTS.keys() or any(not 0 <= rate < 1e6 for rate in value.values()):
        raise ValidationError("not a list of rates by upstream")


_PRICES = {
    "region": frozenset({"AP", "JP", "WE", "LA", "MX", "EE", "PA", "NA"}),
    "currency": frozenset({"AUD", "EUR", "GBP", "JPY", "USD"}),
    "segments": frozenset({"COM", "EDU", "GOV"}),
}


def price_list(value: dict[str, str]) -> None:
    """`region=NA,currency=USD,segments=COM EDU`, as Adobe documents their values; or nothing."""
    if not value:
        return
    is_whole = value.keys() == _PRICES.keys() and all(value.values())
    if not is_whole or len(value["region"].split()) != 1 or len(value["currency"].split()) != 1:
        raise ValidationError("not a price list")
    if any(not set(value[name].split()) <= known for name, known in _PRICES.items()):
        raise ValidationError("not a price list")


def positive(value: float) -> None:
    if value <= 0:
        raise ValidationError("not greater than zero")


def texts_by_source(value: Any) -> None:
    """`{"adobe": {"1000000137": "312 orders"}}`."""
    by_source = value if isinstance(value, dict) else {"": None}
    for source, texts in by_source.items():
        if source not in catalogue.MANIFESTS or not isinstance(texts, dict):
            raise ValidationError("not texts by upstream")
        if not all(isinstance(text, str) for text in texts.values()):
            raise ValidationError("not texts by upstream")
