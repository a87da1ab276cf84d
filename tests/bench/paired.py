"""`python -m tests.bench.paired REVISION [--quick] [--check]`: this version beside another one, in one run.

Both ask the same upstream, and page follows page in turn, so that a busy machine hits both alike. What is
printed is ratios, this version's to the other's: 1.00 is as dear, and more is dearer.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench import pages
from tests.bench.figures import median, say
from tests.bench.http import Connection
from tests.bench.portal import Portal
from tests.bench.upstream import Upstream
from tests.processes import ROOT, output_of

ROWS = (25, 100)
LATENCY = 20  # ms
DEAREST = 1.05  # times what it cost before
# As tests.bench draws and reads, in a process of that version.
_IN_PROCESS = """
import os
os.environ.update(DJANGO_SETTINGS_MODULE="tests.settings", DATABASE_URL="sqlite://:memory:")
import django
django.setup()
import json
from django.core.management import call_command
from orders.upstreams.adobe_vip_marketplace.parse import parse_page as parse_adobe
from orders.upstreams.fabric_subscriptions.parse import parse_page as parse_fabric
from tests.bench import figures, payloads, rendering
call_command("migrate", verbosity=0)
adobe, fabric = payloads.adobe_page("1", limit=100), payloads.fabric_list("1", count=100)
drawn = rendering.measure(100, rounds={rounds})
read = figures.cpu_ms(
    {{"adobe": lambda: parse_adobe(adobe), "fabric": lambda: parse_fabric(fabric)}}, rounds={rounds}
)
print(json.dumps({{
    "a table of 100 rows": drawn.table,
    "a page of 100 rows, without its upstream": drawn.page,
    "100 orders of Adobe read": read["adobe"],
    "100 orders of fabric read": read["fabric"],
}}))
"""


@dataclass(frozen=True)
class Size:
    visits: int
    blocks: int  # how often each version's turn comes where a turn is a process
    rounds: int


FULL = Size(visits=150, blocks=5, rounds=15)
QUICK = Size(visits=15, blocks=1, rounds=3)


@dataclass
class Figure:
    """What the two versions took, in milliseconds, in turn."""

    name: str
    before: list[float] = field(default_factory=list)
    after: list[float] = field(default_factory=list)

    @property
    def ratio(self) -> float:
        return median(self.after) / median(self.before)

    def __str__(self) -> str:
        words = f"{median(self.before):8.2f} ms before, {median(self.after):8.2f} ms now"
        return f"  {self.name:<52} {self.ratio:5.2f}×   {words}"


@contextmanager
def checkout_of(revision: str) -> Iterator[Path]:
    """A worktree of another version, for as long as it is measured."""
    with tempfile.TemporaryDirectory(prefix="orders-portal-base-") as directory:
        path = Path(directory) / "base"
        git("worktree", "add", "--quiet", "--detach", str(path), revision)
        try:
            yield path
        finally:
            git("worktree", "remove", "--force", str(path))


def git(*arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=ROOT, check=True, capture_output=True)


def in_process(before: Path, size: Size) -> list[Figure]:
    """Drawing and reading: CPU time, which no other process takes away."""
    code = _IN_PROCESS.format(rounds=size.rounds)
    found: dict[str, Figure] = {}
    for _ in range(size.blocks):
        for checkout in (before, ROOT):
            said = json.loads(output_of("-c", code, environment=dict(os.environ), checkout=checkout))
            for name, taken in said.items():
                figure = found.setdefault(f"{name}, CPU", Figure(f"{name}, CPU"))
                (figure.after if checkout == ROOT else figure.before).append(taken)
    return list(found.values())


def over_http(before: Path, size: Size) -> Iterator[Figure]:
    """Whole pages through gunicorn: first byte, and what a page costs its worker."""
    with Upstream() as upstream, ExitStack() as stack:
        pages.set_latency(upstream.port, LATENCY)
        portals = [stack.enter_context(Portal(upstream.url, checkout)) for checkout in (before, ROOT)]
        for fresh, kind in ((0, "asked for"), (3600, "saved")):
            with ExitStack() as served:
                ports = [served.enter_context(each.serving(workers=1, fresh=fresh)) for each in portals]
                for rows in ROWS:
                    yield from _visited(portals, ports, rows, size.visits, f"page of {rows}, {kind}")


def _visited(
    portals: Sequence[Portal], ports: Sequence[int], rows: int, visits: int, name: str
) -> list[Figure]:
    first, cpu = Figure(f"{name}, first byte"), Figure(f"{name}, worker's CPU")
    connections = [Connection(port) for port in ports]
    requests = [portal.request(pages.page_path(rows)) for portal in portals]
    taken: tuple[list[float], ...] = (first.before, first.after)
    spent = [0.0, 0.0]
    for number in range(-4, visits):
        if number == 0:
            spent = [portal.worker_seconds() for portal in portals]
        for which in (0, 1) if number % 2 else (1, 0):
            milliseconds = connections[which].ask(requests[which]).first * 1000
            if number >= 0:  # the first ones only warm up
                taken[which].append(milliseconds)
    for portal, begun, figures in zip(portals, spent, (cpu.before, cpu.after), strict=True):
        figures.append((portal.worker_seconds() - begun) * 1000 / visits)
    for each in connections:
        each.close()
    return [first, cpu]


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.paired", description=__doc__)
    parser.add_argument("revision", help="of the version to compare with: a tag, a branch or a commit")
    parser.add_argument(
        "--quick", action="store_true", help="few rounds: whether it works, not how fast it is"
    )
    parser.add_argument("--check", action="store_true", help=f"exit with 1 where a ratio is over {DEAREST}")
    options = parser.parse_args(arguments)
    size = QUICK if options.quick else FULL
    with checkout_of(options.revision) as before:
        say(f"This version beside {options.revision}, in turn; over 1.00× it has become dearer", "")
        found = in_process(before, size)
        say(*found)
        for figure in over_http(before, size):
            found.append(figure)
            say(figure)
    dearer = [figure.name for figure in found if figure.ratio > DEAREST]
    say("", f"Over {DEAREST}×: {', '.join(dearer) or 'none'}.")
    return int(options.check and bool(dearer))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
