"""Pages over HTTP: what they add to the upstream's time, how many a second, how large."""

import gzip
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from tests.bench.agents import page_times
from tests.bench.figures import median, p95
from tests.bench.http import Connection, pages_per_second, request_bytes
from tests.bench.parsing import ADOBE_CUSTOMER
from tests.bench.portal import Portal

CLIENTS = (1, 8, 32)
_PANELS_ARE_ASKED = 0.1  # seconds after which both panels wait for the upstream
ADMIN_PATH = "/admin/auth/user/"  # tests.bench.served sets its columns


def page_path(rows: int) -> str:
    return f"/adobe/customers/{ADOBE_CUSTOMER}/orders/?limit={rows}"


def upstream_request(rows: int) -> bytes:
    return request_bytes(f"/v3/customers/{ADOBE_CUSTOMER}/orders?limit={rows}&offset=0")


def panel_paths() -> tuple[str, str]:
    customer = f"/adobe/customers/{ADOBE_CUSTOMER}/"
    return customer, f"{customer}subscriptions/"


def set_latency(port: int, milliseconds: int, of: str = "latency") -> None:
    """Of all answers; of what stands beside the orders with `panels`."""
    Connection(port, is_new_each_time=True).ask(request_bytes(f"/-/{of}/{milliseconds}"))


@dataclass(frozen=True)
class Overhead:
    """Milliseconds from the request to the first byte, less those of the upstream in the same round.

    `least` is the quickest page less the quickest answer; `cpu` is what a page costs its worker, which
    a busy machine hides less than the wall clock does.
    """

    rows: int
    is_new_connection: bool
    median: float
    p95: float
    least: float
    cpu: float
    upstream: float
    size: int
    gzipped: int

    def __str__(self) -> str:
        connection = "new connection" if self.is_new_connection else "kept alive"
        return (
            f"  {self.rows:3} rows, {connection:<14} +{self.median:5.1f} ms median, +{self.p95:5.1f} ms p95, "
            f"+{self.least:.1f} ms at best, worker's CPU {self.cpu:.1f} ms; "
            f"median {self.median / self.upstream:.2f}× the upstream's own {self.upstream:.1f} ms"
        )


def overhead(
    portal: Portal, port: int, upstream_port: int, *, rows: int, is_new: bool, rounds: int
) -> Overhead:
    page = Connection(port, is_new_each_time=is_new)
    direct = Connection(upstream_port, is_new_each_time=is_new)
    page_request = portal.request(page_path(rows), close=is_new)
    whole, own = [], []
    for number in range(-4, rounds):
        if number == 0:
            cpu_before = portal.worker_seconds()
        ours = page.ask(page_request).first * 1000
        theirs = direct.ask(upstream_request(rows)).first * 1000
        if number >= 0:
            whole.append(ours)
            own.append(theirs)
    body = page.body
    added = [ours - theirs for ours, theirs in zip(whole, own, strict=True)]
    cpu = (portal.worker_seconds() - cpu_before) * 1000 / rounds
    page.close()
    direct.close()
    return Overhead(
        rows=rows,
        is_new_connection=is_new,
        median=median(added),
        p95=p95(added),
        least=min(whole) - min(own),
        cpu=cpu,
        upstream=median(own),
        size=len(body),
        gzipped=len(gzip.compress(body, 6)),
    )


@dataclass(frozen=True)
class Saved:
    """Milliseconds to the first byte of a page whose answer was saved, and what it costs its worker."""

    rows: int
    is_new_connection: bool
    median: float
    p95: float
    cpu: float

    def __str__(self) -> str:
        connection = "new connection" if self.is_new_connection else "kept alive"
        return (
            f"  {self.rows:3} rows, {connection:<14} {self.median:6.1f} ms median, {self.p95:6.1f} ms p95, "
            f"worker's CPU {self.cpu:.1f} ms"
        )


def saved(portal: Portal, port: int, *, rows: int, is_new: bool, rounds: int) -> Saved:
    """A page that is looked at again and again; the first look asks the upstream."""
    page = Connection(port, is_new_each_time=is_new)
    request = portal.request(page_path(rows), close=is_new)
    whole = []
    for number in range(-4, rounds):
        if number == 0:
            cpu_before = portal.worker_seconds()
        taken = page.ask(request).first * 1000
        if number >= 0:
            whole.append(taken)
            if b'data-freshness="saved"' not in page.body:
                raise RuntimeError("the upstream was asked")
    cpu = (portal.worker_seconds() - cpu_before) * 1000 / rounds
    page.close()
    return Saved(rows=rows, is_new_connection=is_new, median=median(whole), p95=p95(whole), cpu=cpu)


@dataclass(frozen=True)
class BesidePanels:
    """Median milliseconds to the first byte of a page, alone and while both its panels wait for theirs."""

    alone: float
    beside: float

    @property
    def ratio(self) -> float:
        return self.beside / self.alone

    def __str__(self) -> str:
        return f"  alone {self.alone:.1f} ms, beside its panels {self.beside:.1f} ms: {self.ratio:.2f}×"


def beside_panels(portal: Portal, port: int, *, rounds: int) -> BesidePanels:
    page, request = Connection(port), portal.request(page_path(25))
    panels = [(Connection(port), portal.request(path)) for path in panel_paths()]
    alone, beside = [], []
    with ThreadPoolExecutor(len(panels)) as pool:
        for number in range(-2, rounds):
            first = page.ask(request).first * 1000
            asked = [pool.submit(connection.ask, wanted) for connection, wanted in panels]
            time.sleep(_PANELS_ARE_ASKED)
            second = page.ask(request).first * 1000
            if any(each.done() for each in asked):
                raise RuntimeError("the panels were there before the page")
            for each in asked:
                each.result()
            if number >= 0:
                alone.append(first)
                beside.append(second)
    for connection in (page, *(connection for connection, _ in panels)):
        connection.close()
    return BesidePanels(median(alone), median(beside))


def throughput(portal: Portal, port: int, *, rows: int, seconds: float, rounds: int) -> dict[int, float]:
    """Pages in a second by number of clients; medians of rounds in turn."""
    request = portal.request(page_path(rows))
    found: dict[int, list[float]] = {clients: [] for clients in CLIENTS}
    for _ in range(rounds):
        for clients in CLIENTS:
            found[clients].append(pages_per_second(port, request, clients=clients, seconds=seconds))
    return {clients: median(values) for clients, values in found.items()}


def agents_p95(portal: Portal, port: int, *, agents: int, seconds: float) -> float:
    """What 95 of 100 pages of 25 rows take at most, in milliseconds, while so many agents work."""
    request = portal.request(page_path(25), close=True)
    page_times(port, request, agents=min(agents, 50), seconds=2)  # every thread has its connections then
    return p95(page_times(port, request, agents=agents, seconds=seconds))


@dataclass(frozen=True)
class AgainstAdmin:
    """Pages of 100 rows in a second with 8 clients: ours, and the changelist of Django's admin."""

    page: float
    admin: float

    @property
    def ratio(self) -> float:
        return self.page / self.admin


def against_admin(portal: Portal, port: int, *, seconds: float, rounds: int) -> AgainstAdmin:
    ours: list[float] = []
    theirs: list[float] = []
    for _ in range(rounds):
        for path, values in ((page_path(100), ours), (ADMIN_PATH, theirs)):
            request = portal.request(path)
            values.append(pages_per_second(port, request, clients=8, seconds=seconds))
    return AgainstAdmin(page=median(ours), admin=median(theirs))
