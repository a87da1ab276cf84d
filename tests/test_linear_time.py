"""Every pass over texts takes time that grows with the text and no faster, at little cost for a megabyte.

Each is held against 1, 2 and 4 MB of the input it likes least. What is measured is the thread's own CPU
time, the best of several tries, and a pass that misses is given further tries: a neighbour on the machine
may spoil one, but doesn't turn a quadratic pass into a linear one. Growth is looked at where 4 MB take longer
than they may: of a pass that is done by then it would tell more of the processor's caches than of the pass.
What is pasted into the look-up is no text of an upstream's: it has 100 KB at most, and a test of its own.

How long a megabyte takes on a machine whose neighbours are at work says little of the pass. There it is
allowed several times as long, which a quadratic pass misses by far; `make prove`, on an idle machine, asks
for all of it.
"""

import importlib
import inspect
import itertools
import pkgutil
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from functools import partial
from typing import Any

import pytest

from orders import index, upstreams
from orders.domain.bounded_text import cut
from orders.domain.email_addresses import hide_addresses, is_address, mask_addresses, replace_addresses
from orders.domain.exchanges import Exchange
from orders.domain.free_text import mask_name, mask_reference, mask_text
from orders.domain.granted_rights import Rights
from orders.domain.known_people import KnownPeople
from orders.domain.masking import mask_customer, mask_listed_customer, mask_raw, mask_subscription
from orders.domain.redaction import Redactor
from orders.exports.engine.cell_values import csv_cell, csv_cells, workbook_cell
from orders.index import price_files
from orders.infrastructure import log_format as log_lines
from orders.people import account_import
from orders.people.account_import.decoding import Unreadable
from orders.presentation.markup import escaped, markup
from orders.presentation.support_text import request_support_text
from orders.upstreams.adobe_vip_marketplace import parse_account as adobe_account
from orders.upstreams.adobe_vip_marketplace.parse import parse_order as adobe_order
from orders.upstreams.adobe_vip_marketplace.parse import parse_page as adobe_page
from orders.upstreams.adobe_vip_marketplace.parse_offers import parse_offers
from orders.upstreams.adobe_vip_marketplace.parse_resellers import parse_customers
from orders.upstreams.adobe_vip_marketplace.request_parameters import read_problem as adobe_problem
from orders.upstreams.fabric_subscriptions import parse_account as fabric_account
from orders.upstreams.fabric_subscriptions.parse import find_order
from orders.upstreams.fabric_subscriptions.parse import parse_page as fabric_page
from orders.upstreams.fabric_subscriptions.request_parameters import read_problem as fabric_problem
from orders.upstreams.http.calls import safe_text
from orders.upstreams.reading.decoding import load_exact, load_shown
from orders.upstreams.reading.error_bodies import load_problem, message, plain_message, shown

MEGABYTE = 2**20
MOST_PER_DOUBLING = 2.2
MOST_SECONDS_A_MEGABYTE = 0.05
SECONDS_FOR_A_MILLION = 0.01  # to add up so many numbers, on an idle machine
TRIES = 6
FAR_TOO_LONG = 3  # times; no neighbour explains it, and no further try helps
LEEWAY_BESIDE_OTHERS = 4

REDACTOR = Redactor(["canary-secret-1234", "Another+Secret/5678="])
REDACTOR.add("eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJpbXMifQ.c2lnbmF0dXJl")


def redact_log(text: str) -> object:
    return log_lines.escape(None, "", log_lines.redact(None, "", {"event": text}))


def support_text(text: str) -> str:
    exchange = Exchange(source="adobe", method="GET", path="/v3")
    return request_support_text(label="Adobe", exchange=exchange, page="/", meaning=text)


def mask_raw_text(text: str) -> object:
    return mask_raw({"description": text, "customer": {"email": text, "nickname": text}}, Rights())


def mask_many(text: str) -> object:
    """As many texts as there is room for, each as long as it may be."""
    parts = [text[at : at + 9_999] for at in range(0, len(text), 9_999)]
    return mask_raw({"customer": {"lastName": "Kowalska"}, "description": parts}, Rights())


def clean_json(text: str) -> object:
    return REDACTOR.clean_json({"a": [text]})


def price_list(text: str) -> object:
    """As many lines as there is room for, each with as much of the text as a cell may have."""
    offer = "71104418CA01A12"
    lines = [f"{offer};{text[at : at + 900]}" for at in range(0, len(text), 900)]
    with suppress(Unreadable):  # a row may end within a cell
        return price_files.read("\n".join(["Part Number;Product Family", *lines]).encode(errors="replace"))
    return None


PAT = KnownPeople(names=("Pat Kowalska",), others=("1 Sample Street", "97209"), numbers=("555 0100",))

TEXT_PASSES: list[Callable[[str], Any]] = [
    mask_text,
    lambda text: mask_text(text, PAT),
    lambda text: mask_reference(text, PAT),
    mask_addresses,
    hide_addresses,
    is_address,
    mask_raw_text,
    mask_many,
    lambda text: replace_addresses(text, "[e-mail]"),
    cut,
    REDACTOR.clean,
    clean_json,
    redact_log,
    support_text,
    escaped,
    lambda text: markup("<b>{}</b>", text),
    csv_cell,
    lambda text: csv_cells([text]),
    workbook_cell,
    lambda text: safe_text(text, REDACTOR),
    lambda text: shown(message(text)),
    lambda text: plain_message(text.encode(errors="surrogatepass")),
    mask_name,
    price_list,
]
TEXT_NAMES = [
    "mask_text",
    "mask_text known",
    "mask_reference",
    "mask_addresses",
    "hide_addresses",
    "is_address",
    "mask_raw",
    "mask_raw many",
    "replace_addresses",
    "cut",
    "clean",
    "clean_json",
    "log",
    "support text",
    "escaped",
    "markup",
    "csv_cell",
    "csv_cells",
    "workbook_cell",
    "safe_text",
    "shown",
    "plain_message",
    "mask_name",
    "price list",
]
# These are several passes, one after the other: addresses, numbers, streets and names; a look and a change.
PASSES: dict[Callable[[Any], Any], int] = {mask_many: 3, clean_json: 2, price_list: 4}
# Repeated to the length wanted, with the second part behind: what looks like the beginning of something,
# again and again, and never is it.
WORST_TEXTS = [
    ("a", "@"),
    ("a", "%40"),
    ("@", ""),
    ("a@", ""),
    ("%40", ""),
    ("%2540", ""),
    ("a@b.", ""),
    ("a@b.c, ", ""),
    ("_-", "@x"),
    ("eyJ-", ""),
    ("eyJaaaaaaaa.", ""),
    ("bearer+", ""),
    ("bearer ", "x"),
    ("authorization", ""),
    ("authorization: ", ""),
    ("authorization \t", ""),
    ("opt_", ""),
    ("<script ", ""),
    ("<title", ""),
    ("<title>", ""),
    ("<", ">"),
    ("&<>'\"", ""),
    (" ", "x"),
    ("/v3/customers/1", ""),
    ("/a/customers/", ""),
    ("=", ""),
    ("\0", ""),
    ("5 ", ""),
    ("5 5 5 5 5 5a", ""),
    ("555-010-0123a ", ""),
    ("1 Sample ", ""),
    ("Kowalska ", ""),
    ("Kowalsk", ""),
    (" at ", ""),
    ("(at ", ""),
    ("&#", ""),
    ("5550100 ", ""),
    ("\ud800", ""),
    ("\U0001f600", ""),
]

BODY_PASSES: dict[str, Callable[[bytes], Any]] = {
    "clean_body": REDACTOR.clean_body,
    "load_exact": load_exact,
    "load_shown": load_shown,
    "load_problem": load_problem,
    "adobe_page": adobe_page,
    "adobe_order": adobe_order,
    "fabric_page": fabric_page,
    "find_order": lambda body: find_order(body, "1"),
    "adobe_customer": lambda body: mask_customer(adobe_account.parse_customer(body)),
    "adobe_subscriptions": lambda body: [
        mask_subscription(each) for each in adobe_account.parse_subscriptions(body).subscriptions
    ],
    "resellers_customers": lambda body: [mask_listed_customer(each) for each in parse_customers(body)[0]],
    "offers": parse_offers,
    "fabric_customer": lambda body: mask_customer(fabric_account.parse_customer(body, "1")),
    "fabric_subscriptions": lambda body: fabric_account.parse_subscriptions(body, "1", date(2026, 11, 27)),
    "adobe_problem": lambda body: adobe_problem(400, body),
    "fabric_problem": lambda body: fabric_problem(400, body),
}
# A body is mended and then read; an order is read twice, for its values and for its JSON.
PASSES |= {adobe_page: 2, fabric_page: 2, adobe_order: 4, BODY_PASSES["find_order"]: 4}
# Around one text of the size that is wanted, for those that read no order.
BODIES = {
    "adobe_customer": '{"customerId": "1", "tags": ["%s"], "companyProfile": {"companyName": "%s"}}',
    "adobe_subscriptions": '{"items": [{"subscriptionId": "1", "offerId": "%s", "new": "%s"}]}',
    "resellers_customers": '{"accounts": [{"customerId": "1", "companyProfile": {"companyName": "%s%s"}}]}',
    "offers": '{"offers": [{"offerId": "71104418CA01A12", "productFamily": "%s%s"}]}',
    "fabric_customer": '{"id": "1", "firstName": "%s", "new": "%s"}',
    "fabric_subscriptions": (
        '{"responseStatus": "OK", "data": {"subscriptions": [{"id": "1", "customer": {"id": "1"}, '
        '"item": {"title": "%s%s"}}]}}'
    ),
    "adobe_problem": '{"code": "1132", "message": "%s%s"}',
    "fabric_problem": '{"message": "%s%s"}',
}
PASSES |= dict.fromkeys((BODY_PASSES[name] for name in BODIES), 4)
# The same within a JSON text.
WORST_BODIES = ["a", "\\\\", "\\\\a", "\\u0041", "\\u0000", "\\ud800", "\\udc00", "\\ud83d\\ude00", "é", "a@"]


def repeated(part: str, last: str, size: int) -> str:
    return (part * (size // len(part) + 1))[: size - len(last)] + last


def document(name: str, part: str, size: int) -> bytes:
    """An order, or a page of one, with one text of that size."""
    said = part * (size // len(part.encode()))
    if name in BODIES:
        return (BODIES[name] % (said, said[:12])).encode()
    if name in ("fabric_page", "find_order"):
        order = f'{{"id": "1", "orderNumber": "{said}"}}'
        return f'{{"responseStatus": "OK", "data": {{"orders": [{order}]}}}}'.encode()
    order = f'{{"orderId": "1", "externalReferenceId": "{said}", "lineItems": [], "new": "{said[:12]}"}}'
    return (f'{{"items": [{order}]}}' if name == "adobe_page" else order).encode()


def seconds(run: Callable[[Any], Any], given: Any) -> float:
    start = time.thread_time()
    run(given)
    return time.thread_time() - start


def slowness() -> float:
    """How many times slower than an idle machine this one is at present, as far as a thread can tell."""
    return max(1.0, seconds(sum, range(1_000_000)) / SECONDS_FOR_A_MILLION)


def flaws(run: Callable[[Any], Any], make: Callable[[int], Any], leeway: float) -> list[str]:
    """What is wrong with the times for 1, 2 and 4 MB of what `make` makes, the best of the tries so far."""
    most = MOST_SECONDS_A_MEGABYTE * PASSES.get(run, 1) * leeway
    if seconds(run, make(MEGABYTE)) <= most / 4:
        return []  # even were it quadratic, 4 MB would take no longer than they may
    inputs = {4: make(4 * MEGABYTE)}
    best: dict[int, float] = {}
    found: list[str] = []
    for number in range(TRIES):
        for size, given in inputs.items():
            best[size] = min(best.get(size, float("inf")), seconds(run, given))
        allowed = most * slowness()
        if best[4] <= 4 * allowed:
            return []
        inputs |= {size: make(size * MEGABYTE) for size in (1, 2) if size not in inputs}
        found = [
            f"{best[size] * 1000:.0f} ms for {size} MB, {best[double] * 1000:.0f} for {double}"
            for size, double in itertools.pairwise((1, 2, 4))
            if size in best and best[double] > best[size] * MOST_PER_DOUBLING
        ]
        found.append(f"{best[4] * 250:.0f} ms a megabyte")
        if best[4] > FAR_TOO_LONG * 4 * allowed:
            break
        time.sleep(0.05 * number)
    return found


def text_flaws(run: Callable[[str], Any], leeway: float) -> dict[str, list[str]]:
    found = {part: flaws(run, partial(repeated, part, last), leeway) for part, last in WORST_TEXTS}
    return {part: wrong for part, wrong in found.items() if wrong}


def body_flaws(name: str, leeway: float) -> dict[str, list[str]]:
    found = {part: flaws(BODY_PASSES[name], partial(document, name, part), leeway) for part in WORST_BODIES}
    return {part: wrong for part, wrong in found.items() if wrong}


@pytest.mark.parametrize("run", TEXT_PASSES, ids=TEXT_NAMES)
def test_a_pass_over_a_text_is_linear(run: Callable[[str], Any]) -> None:
    assert text_flaws(run, LEEWAY_BESIDE_OTHERS) == {}


@pytest.mark.parametrize("name", BODY_PASSES)
def test_a_pass_over_a_body_is_linear(name: str) -> None:
    assert body_flaws(name, LEEWAY_BESIDE_OTHERS) == {}


_BYTES = ("body", "content")  # what such an argument is called


def readers_of_bytes() -> set[str]:
    """All functions that are given an upstream's body, or the bytes of somebody's file, by their modules."""
    found: set[str] = set()
    for package in (upstreams, index, account_import):
        for each in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            for name, function in inspect.getmembers(importlib.import_module(each.name), inspect.isfunction):
                given = inspect.signature(function, eval_str=True).parameters
                takes_bytes = any(
                    given[key].annotation is bytes for key in ("body", "content") if key in given
                )
                if takes_bytes and function.__module__ == each.name and not name.startswith("_"):
                    found.add(f"{each.name}.{name}")
    return found


# What is held above; and what the others are a part of, or why they are no pass over a text of anybody's.
READERS = {
    "adobe_vip_marketplace.parse": ("parse_page", "parse_order"),
    "adobe_vip_marketplace.parse_account": ("parse_customer", "parse_subscriptions"),
    "adobe_vip_marketplace.parse_offers": ("parse_offers",),
    "adobe_vip_marketplace.parse_resellers": ("parse_customers",),
    "adobe_vip_marketplace.request_parameters": ("read_problem",),
    "fabric_subscriptions.parse": ("parse_page", "find_order"),
    "fabric_subscriptions.parse_account": ("parse_customer", "parse_subscriptions"),
    "fabric_subscriptions.request_parameters": ("read_problem",),
    "reading.decoding": ("load_exact", "load_shown", "load_plain", "decode", "is_damaged"),
    "reading.error_bodies": ("load_problem", "plain_message"),
    "reading.lenient_decoding": ("damaged_texts",),
}


def test_whoever_reads_bytes_is_held_to_it() -> None:
    """A new reader is added above, or beside whatever it is a part of."""
    held = {f"orders.upstreams.{module}.{name}" for module, names in READERS.items() for name in names}
    files = {"orders.index.price_files.read", "orders.people.account_import.decoding.decode"}

    assert readers_of_bytes() == held | files


@pytest.mark.slow
@pytest.mark.parametrize("run", TEXT_PASSES, ids=TEXT_NAMES)
def test_a_pass_over_a_text_takes_50_ms_a_megabyte(run: Callable[[str], Any]) -> None:
    assert text_flaws(run, leeway=1) == {}


@pytest.mark.slow
@pytest.mark.parametrize("name", BODY_PASSES)
def test_a_pass_over_a_body_takes_50_ms_a_megabyte(name: str) -> None:
    assert body_flaws(name, leeway=1) == {}


def test_a_quadratic_pass_would_be_noticed() -> None:
    def quadratic(text: str) -> None:
        for start in range(0, len(text), 16):
            text.rfind("@", start)

    assert flaws(quadratic, lambda size: "a" * size, LEEWAY_BESIDE_OTHERS) != []
