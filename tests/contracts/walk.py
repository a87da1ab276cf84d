"""Which addresses are asked, by whom, and in which order."""

import re
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from pathlib import Path
from urllib.parse import quote, urlencode

import requests

from tests.contracts.addresses import (
    ADMIN,
    AGENT,
    CALM,
    EVERY_CHOICE,
    EVERY_FILE,
    EVERY_ORDER,
    EVERY_QUERY,
    FAULT,
    FILES_APART,
    HUGE_ADOBE,
    LOOK_UPS,
    MANAGER,
    NOT_SENT,
    QUERIES,
    ROLES,
    SAMPLES,
    SMALL_ADOBE,
    SUPERVISOR,
    VIEW,
    WRONG_PATHS,
)
from tests.contracts.demo_process import Customer, DemoProcess
from tests.contracts.recording import ANONYMOUS, Recording, links


def history(customer: Customer) -> str:
    return f"/{customer.source}/customers/{customer.id}/orders/"


def record(
    demo: DemoProcess,
    directory: Path,
    *,
    only: Iterable[str] = (),
    say: Callable[[str], None] = lambda words: None,
) -> None:
    """All of it, or no more than these customers' histories, orders and files."""
    wanted = frozenset(only)
    customers = [each for each in demo.customers() if not wanted or each.id in wanted]
    recording = Recording(demo, directory)
    directory.mkdir(parents=True, exist_ok=True)
    answers = {each.id: recording.ask(AGENT, history(each)) for each in customers if not fails(each)}
    good = [each for each in customers if each.id in answers and answers[each.id].status_code == 200]
    say(f"{len(good)} customers have a history")
    for each in good:
        look_around(recording, each, answers[each.id])
        look_at_orders(recording, each, answers[each.id])
        fetch_files(recording, each)
    for who in (*ROLES, SUPERVISOR):
        recording.ask(who, "/")
        recording.ask(who, "/exports/")
    if wanted:
        return
    say("pages of its own")
    make_file_in_background(recording, Customer("adobe", HUGE_ADOBE, ""))
    look_at_own_pages(recording)
    walk_named_addresses(recording)


def record_failures(demo: DemoProcess, directory: Path) -> None:
    """What is said of each customer without a good answer."""
    customers = [each for each in demo.customers() if fails(each)]
    with ThreadPoolExecutor(len(CALM)) as pool:
        list(pool.map(lambda source: fail(demo, directory, source, customers), sorted(CALM)))
    Recording(demo, directory).ask(AGENT, "/?after=failures")


def fails(customer: Customer) -> bool:
    """Whether the sandbox spoils the answers of this customer: told by the words of its own list."""
    return bool(FAULT.search(customer.shows))


def look_around(recording: Recording, customer: Customer, first: requests.Response) -> None:
    """The history: for each role, with every filter, and as far as its pages go."""
    address = history(customer)
    recording.ask(MANAGER, address)
    recording.ask(ADMIN, address)
    recording.ask(ADMIN, f"{address}?fetch-price=true")
    page, seen = first, 0
    while (following := next_page(page)) and seen < 3:
        page, seen = recording.ask(AGENT, following), seen + 1
    if customer.id in EVERY_QUERY:
        recording.ask(AGENT, address, headers={"HX-Request": "true"})
        for query in QUERIES[customer.source]:
            recording.ask(AGENT, f"{address}?{query}")
    if customer.id in EVERY_CHOICE:
        for query in sorted({*choices(first)} - {*QUERIES[customer.source]}):
            recording.ask(AGENT, f"{address}?{query}")


def next_page(page: requests.Response) -> str:
    """The address of the link to the next page; empty on the last one."""
    for tag in re.findall(r"<a\b[^>]*>", page.text):
        if re.search(r'rel="[^"]*\bnext\b', tag):
            found = re.search(r'href="([^"]*)"', tag)
            target = unescape(found[1]) if found else ""
            return target if target.startswith("/") else f"{page.request.path_url.partition('?')[0]}{target}"
    return ""


def choices(page: requests.Response) -> list[str]:
    """One query for each choice that the filter form offers."""
    form = page.text.partition("<aside")[2].partition("</aside>")[0]
    found = []
    for tag in re.findall(r'<input\b[^>]*type="(?:checkbox|radio)"[^>]*>', form):
        name, value = (re.search(rf'\b{each}="([^"]*)"', tag) for each in ("name", "value"))
        if name and value and value[1]:
            found.append(urlencode({unescape(name[1]): unescape(value[1])}))
    for select in re.findall(r"<select\b.*?</select>", form, re.DOTALL):
        name = re.search(r'\bname="([^"]*)"', select)
        for value_ in re.findall(r'<option\b[^>]*value="([^"]+)"', select):
            if name:
                found.append(urlencode({unescape(name[1]): unescape(value_)}))
    return found


def look_at_orders(recording: Recording, customer: Customer, page: requests.Response) -> None:
    """The first orders, or every one where all are odd; one of them as everybody, revealed, with prices."""
    base = history(customer)
    addresses = links(page, rf"{re.escape(base)}[^/?\"]+/(?:\?[^\"]*)?")
    few = len(addresses) if customer.id in EVERY_ORDER else 6 if customer.id in EVERY_CHOICE else 1
    for address in addresses[:few]:
        recording.ask(AGENT, address)
    for address in addresses[:1]:
        plain = address.partition("?")[0]
        recording.ask(MANAGER, plain)
        recording.ask(ADMIN, plain)
        recording.ask(ADMIN, f"{plain}?fetch-price=true")
        for reason in ("", "no", "TICKET-4711", "x" * 201):
            recording.ask(ADMIN, plain, method="POST", data={"reason": reason})
        recording.ask(AGENT, plain, method="POST", data={"reason": "TICKET-4711"})
    recording.ask(AGENT, f"{base}0000000000/")


def fetch_files(recording: Recording, customer: Customer) -> None:
    if customer.id in FILES_APART:
        return
    address = f"{history(customer)}export/"
    everything = "start-date=2000-01-01" if customer.source == "adobe" else ""
    recording.ask(ADMIN, f"{address}?{everything}")
    recording.ask(MANAGER, f"{address}?{everything}&rows=lines")
    if customer.id not in (*EVERY_FILE, *EVERY_ORDER):
        return
    for query in ("rows=lines", "rows=both&format=xlsx", "dialect=excel"):
        recording.ask(ADMIN, f"{address}?{everything}&{query}")
    if customer.id not in EVERY_FILE:
        return
    recording.ask(AGENT, address)
    for query in (
        "rows=both",
        "format=xlsx",
        "rows=lines&format=xlsx",
        "dialect=excel-semicolon",
        "dialect=excel&rows=lines",
        "columns=orderId,status,creationDate",
        "columns=orderId,nothing",
        "rows=sideways",
        "format=pdf",
        "dialect=latin",
        "fetch-price=true&rows=lines",
        "status=1000&limit=5&offset=5",
        "status=RETRY&attention=payment",
        "limit=many",
        "colour=green",
    ):
        recording.ask(ADMIN, f"{address}?{everything}&{query}")
    recording.ask(ADMIN, f"{address}?{everything}&rows=lines&limit=3", headers={"Accept": "text/csv"})


def make_file_in_background(recording: Recording, customer: Customer) -> None:
    """Too many orders for one answer; and small ones, asked for by a form."""
    address = f"{history(customer)}export/?start-date=2000-01-01"
    recording.ask(ADMIN, address)
    recording.ask(ADMIN, address, headers={"Accept": "text/csv"})
    small = Customer("adobe", SMALL_ADOBE, "")
    for who, where, data in (
        (MANAGER, f"{history(small)}export/?start-date=2000-01-01", {"rows": "lines", "format": "csv"}),
        (ADMIN, f"{history(small)}export/?start-date=2000-01-01", {"rows": "both", "format": "xlsx"}),
        (ADMIN, address, {"rows": "orders", "format": "csv"}),
    ):
        made = recording.ask(who, where, method="POST", data=data, notes_calls=False)
        own = made.headers.get("Location", "") or links(made, r"/exports/[0-9a-f-]{36}/")[0]
        name = f"/exports/{data['rows']}.{data['format']}/"
        wait_until_made(recording, who, own)
        for part in ("", "progress/", "file/"):
            recording.ask(who, f"{own}{part}", known_as=f"{name}{part}")
        recording.ask(AGENT, own, known_as=name)


def wait_until_made(recording: Recording, who: str, address: str) -> None:
    deadline = time.monotonic() + 120
    while re.search(r"data-progress|\bhx-get=", recording.visitor(who).send("GET", address).text):
        if time.monotonic() > deadline:
            raise RuntimeError(f"{address} is never made")
        time.sleep(0.2)


def look_at_own_pages(recording: Recording) -> None:
    """Pages of the portal's own, sign-in, and what is wrong with an address."""
    recording.ask(AGENT, "/saved-views/", method="POST", data={"name": "mine", **VIEW})
    recording.ask(AGENT, "/saved-views/", method="POST", data={"name": "", **VIEW})
    for who in (*ROLES, SUPERVISOR):
        recording.ask(who, "/?after=files")
        recording.ask(who, "/exports/?after=files")
    for query in ("person=agent", "source=adobe", "action=order", "page=2", "from=2026-02-10", "from=soon"):
        recording.ask(SUPERVISOR, f"/ledger/?{query}")
    for number, look_up in enumerate(LOOK_UPS):
        recording.ask(AGENT, "/lookup/", method="POST", data=look_up, known_as=f"/lookup/{number}/")
    for path in WRONG_PATHS:
        recording.ask(AGENT, path)
        recording.ask(ANONYMOUS, path)
    for data in ({}, {"login": "agent", "password": "wrong"}, {"login": "nobody", "password": "wrong"}):
        recording.ask(ANONYMOUS, "/accounts/login/", method="POST", data=data)
    recording.ask(ANONYMOUS, "/exports/", headers={"Accept": "text/csv"})
    recording.ask(AGENT, "/", headers={"Host": "elsewhere.example"})
    recording.ask(AGENT, "/health/live", headers={"Host": "elsewhere.example"})
    recording.ask(AGENT, "/", headers={"Accept-Language": "de"})
    recording.ask(
        ANONYMOUS, f"/adobe/customers/{SMALL_ADOBE}/orders/export/", headers={"Authorization": "Bearer x"}
    )
    recording.ask(
        AGENT,
        "/saved-views/",
        method="POST",
        data={"csrfmiddlewaretoken": "x"},
        known_as="/saved-views/forged",
    )


def walk_named_addresses(recording: Recording) -> None:
    """Every address that Django knows by a name, as everybody: asked for, and sent an empty form."""
    listed = sorted((name, route) for name, route in recording.demo.addresses if name.split(":")[-1])
    recording.note("addresses.txt", [f"{name} {route}" for name, route in listed])
    asked: set[str] = set()
    for name, route in listed:
        address = filled(route)
        if address in asked:
            continue
        asked.add(address)
        is_admin = name.startswith("admin:")
        for who in (AGENT, ADMIN) if is_admin else (ANONYMOUS, *ROLES):
            if name == "admin:logout":
                continue
            known_as = f"/named{address}"
            recording.ask(who, address, known_as=known_as)
            if not NOT_SENT.search(name):
                recording.ask(who, address, method="POST", known_as=known_as)


def filled(route: str) -> str:
    """The route with something in each place of an argument."""
    route = re.sub(r"<uuid:\w+>", "00000000-0000-4000-8000-000000000000", route)
    route = re.sub(r"<int:\w+>", "99", route)
    route = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: SAMPLES.get(found[1], "x"), route)
    route = re.sub(r"\(\?P<(\w+)>[^)]*\)", lambda found: SAMPLES.get(found[1], "x"), route)
    return quote(re.sub(r"[\^$?]|\\[ZA]|\(|\)|\\", "", route), safe="/-._~")


def fail(demo: DemoProcess, directory: Path, source: str, customers: list[Customer]) -> None:
    """Customers without an answer: page, order, file. In the end the upstream is no longer asked at all."""
    recording = Recording(demo, directory, upstream=source)
    ours = [each for each in customers if each.source == source]
    # A token that is refused again and again has consequences for the calls after it.
    ours.sort(key=lambda each: each.shows.startswith("401"))
    for each in ours:
        for who, address in (
            (AGENT, history(each)),
            (AGENT, f"{history(each)}1000000001/"),
            (ADMIN, f"{history(each)}export/"),
        ):
            recording.ask(who, address)
            # Ten failures in a row, and the upstream would be left alone.
            recording.settle(source, CALM[source])
    unavailable = next(each for each in ours if each.shows.startswith("503"))
    for _ in range(12):
        recording.visitor(AGENT).send("GET", history(unavailable))
    for address in (history(unavailable), f"{history(unavailable)}export/"):
        recording.ask(ADMIN, f"{address}?", known_as=f"/refusing{address}")
