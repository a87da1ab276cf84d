"""`python -m tests.bench [--quick] [--check]`: prints ratios of one run, and the goals they are held to."""

import argparse
import os
import platform
import time
from dataclasses import dataclass
from importlib.metadata import version

from tests.bench import pages, parsing, rendering
from tests.bench.figures import Target, say
from tests.bench.http import pages_per_second
from tests.bench.pages import AgainstAdmin, Overhead, Saved
from tests.bench.portal import Portal
from tests.bench.rendering import Ratios
from tests.bench.upstream import Upstream

ROWS = (25, 100)
LATENCY = 50  # ms
PANELS = 600  # ms of what stands beside the orders
AGENTS = (250, 500)
WAIT = 25  # ms beyond the upstream's, of 95 of 100 pages


@dataclass(frozen=True)
class Size:
    """How long a run takes."""

    renders: int
    parses: int
    visits: int
    seconds: float
    rounds: int
    agents: float


FULL = Size(renders=15, parses=25, visits=50, seconds=3.0, rounds=2, agents=15)
QUICK = Size(renders=5, parses=9, visits=10, seconds=0.6, rounds=1, agents=2)


def machine_note() -> str:
    packages = ", ".join(f"{name} {version(name)}" for name in ("Django", "django-tables2", "gunicorn"))
    load = os.getloadavg()[0]
    busy = " (busy: milliseconds are too high, trust the ratios)" if load > (os.cpu_count() or 1) / 2 else ""
    return (
        f"{os.cpu_count()} cores, load {load:.1f}{busy}, {platform.machine()}, "
        f"Python {platform.python_version()}, {packages}; loopback, no TLS"
    )


def run(size: Size) -> list[Target]:
    say(f"Orders Portal bench: {machine_note()}", "")
    drawn = [rendering.measure(rows, rounds=size.renders) for rows in ROWS]
    say("Rendering, in process (CPU, medians of rounds in turn)", *drawn, "")
    say(*parsing.report(size.parses), "")
    with Upstream() as upstream, Portal(upstream.url) as portal:
        pages.set_latency(upstream.port, LATENCY)
        with portal.serving(workers=1) as port:
            added = [
                pages.overhead(portal, port, upstream.port, rows=rows, is_new=is_new, rounds=size.visits)
                for rows in ROWS
                for is_new in (False, True)
            ]
            say(f"First byte of a page over a {LATENCY} ms upstream (gunicorn, 1 × 16 threads)", *added, "")
            say("Bytes of a page", *sizes(added), "")
            pages.set_latency(upstream.port, PANELS, of="panels")
            panels = pages.beside_panels(portal, port, rounds=size.visits)
            say(f"First byte of a page of 25 rows while its panels wait {PANELS} ms", panels, "")
        with portal.serving(workers=1, fresh=3600) as port:
            kept = [
                pages.saved(portal, port, rows=rows, is_new=is_new, rounds=size.visits)
                for rows in ROWS
                for is_new in (False, True)
            ]
            say("First byte of a page whose answer was saved, no call (1 × 16 threads)", *kept, "")
        with portal.serving(workers=1) as port:
            say(f"Pages of 25 rows in a second, {LATENCY} ms upstream (× is of clients / {LATENCY} ms)")
            say(*rates("1 × 16 threads", portal, port, size))
        with portal.serving(workers=2) as port:
            say(*rates("2 × 16 threads", portal, port, size), "")
            worst = [
                pages.agents_p95(portal, port, agents=agents, seconds=size.agents) - LATENCY
                for agents in AGENTS
            ]
            say("Agents who think for 5 s between two pages of 25 rows: p95 beyond the upstream's 50 ms")
            say(", ".join(f"  {agents}: {ms:.0f} ms" for agents, ms in zip(AGENTS, worst, strict=True)), "")
            pages.set_latency(upstream.port, 0)
            rival = pages.against_admin(portal, port, seconds=size.seconds, rounds=size.rounds)
            say(*saturation(portal, port, upstream.port, size, rival), "")
    return [
        *targets(drawn, added, rival),
        Target("first byte beside its panels, against alone", panels.ratio, 1.1, 1.05, "×"),
        saved_target(kept),
        agents_target(dict(zip(AGENTS, worst, strict=True))),
    ]


def agents_target(worst: dict[int, float]) -> Target:
    served = max((agents for agents, milliseconds in worst.items() if milliseconds <= WAIT), default=0)
    goal = f"agents whose p95 is the upstream's and {WAIT} ms at most"
    return Target(goal, served, min(AGENTS), max(AGENTS), "", True)


def saved_target(kept: list[Saved]) -> Target:
    few = next(each for each in kept if each.rows == ROWS[0] and each.is_new_connection)
    return Target("first byte of a saved page, 25 rows", few.median, 6, 4, "ms")


def sizes(added: list[Overhead]) -> list[str]:
    return [
        f"  {each.rows:3} rows: {each.size / 1000:5.1f} KB, {each.gzipped / 1000:4.1f} KB gzipped"
        for each in added
        if not each.is_new_connection
    ]


def rates(name: str, portal: Portal, port: int, size: Size) -> list[str]:
    found = pages.throughput(portal, port, rows=25, seconds=size.seconds, rounds=size.rounds)
    shares = (
        f"{clients} client{'s' if clients > 1 else ''}: {rate:5.1f} ({rate * LATENCY / 1000 / clients:.2f}×)"
        for clients, rate in found.items()
    )
    return [f"  {name}  {', '.join(shares)}"]


def saturation(portal: Portal, port: int, upstream_port: int, size: Size, rival: AgainstAdmin) -> list[str]:
    request = portal.request(pages.page_path(25))
    full = pages_per_second(port, request, clients=32, seconds=size.seconds)
    bare = pages_per_second(upstream_port, pages.upstream_request(25), clients=32, seconds=size.seconds / 2)
    return [
        f"  without latency, 32 clients: {full:.1f} "
        f"(our driver gets {bare:.0f} answers from the bare upstream, {bare / full:.0f}×)",
        f"  100 rows without latency, 8 clients: {rival.page:.1f}, Django admin (10 columns of SQLite): "
        f"{rival.admin:.1f}, that is {rival.ratio:.1f}×",
    ]


def targets(drawn: list[Ratios], added: list[Overhead], rival: AgainstAdmin) -> list[Target]:
    # The goals are for browsers that come anew.
    first = {each.rows: each for each in added if each.is_new_connection}
    few, many = ROWS
    worst_loop = max(each.table / each.loop for each in drawn)
    worst_stock = min(each.stock / each.table for each in drawn)
    return [
        Target("first byte beyond the upstream's, 25 rows", first[few].median, 10, 5, "ms"),
        Target("first byte beyond the upstream's, 100 rows", first[many].median, 25, 10, "ms"),
        Target("table against the template loop (worse of 25, 100)", worst_loop, 1.2, 0.6, "×"),
        Target("faster than stock django-tables2 (worse of 25, 100)", worst_stock, 6, 10, "×", True),
        Target("pages a second against Django admin, 100 rows, 8 clients", rival.ratio, 5, 10, "×", True),
        Target("HTML of 100 rows", first[many].size / 1000, 60, 40, "KB"),
    ]


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer rounds: under half a minute")
    parser.add_argument("--check", action="store_true", help="exit with 1 where a floor is missed")
    options = parser.parse_args(arguments)
    started = time.monotonic()
    found = run(QUICK if options.quick else FULL)
    say("Goals", *found, "", f"It took {time.monotonic() - started:.0f} s.")
    return int(options.check and any(target.verdict == "MISSED" for target in found))
