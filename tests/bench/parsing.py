"""What it costs to make orders of an upstream's bytes, beside reading the JSON alone."""

import json

from orders.upstreams.adobe_vip_marketplace.parse import parse_page as parse_adobe
from orders.upstreams.fabric_subscriptions.parse import parse_page as parse_fabric
from tests.bench.figures import cpu_ms
from tests.bench.payloads import adobe_page, fabric_list

ADOBE_CUSTOMER = "P1005258435"
FABRIC_CUSTOMER = "6167b9c3a0f2c80009a5b001"
ORDERS = 100


def report(rounds: int) -> list[str]:
    found = [f"Parsing a page of {ORDERS} orders (CPU; × is against json.loads of the same bytes)"]
    for lines in (2.5, 5):
        for name, body, parse in (
            ("adobe", adobe_page(ADOBE_CUSTOMER, limit=ORDERS, lines=lines), parse_adobe),
            ("fabric", fabric_list(FABRIC_CUSTOMER, count=ORDERS, lines=lines), parse_fabric),
        ):
            page = parse(body)
            if page.received != ORDERS or page.unreadable:
                raise RuntimeError(f"the made-up {name} page is not read as it should be")
            ms = cpu_ms({"ours": lambda: parse(body), "json": lambda: json.loads(body)}, rounds=rounds)  # noqa: B023  (called at once)
            found.append(
                f"  {name:<6} {lines:3g} lines, {len(body) / 1000:4.0f} KB: {ms['ours']:5.2f} ms, "
                f"{ms['ours'] * 1000 / ORDERS:5.1f} µs an order, {ms['ours'] / ms['json']:.2f}×"
            )
    return found
