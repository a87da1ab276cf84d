"""`python -m tests.bench.exports [--quick]`: files against a script, against the limit, in memory and CPU.

Everything that is compared runs in turn in one run; read the ratios. Times are to the last byte read.
"""

import argparse
import math
import statistics
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.bench.exports.beside import p95s
from tests.bench.exports.run import measured
from tests.bench.exports.upstream import customer_with, running
from tests.bench.figures import say

WIDTH = 16
LATENCY = 50  # milliseconds
LINES = 2.5  # of an order, on average


class Bench:
    """Runs children in a directory of its own, and prints each goal with its verdict."""

    def __init__(self, directory: str, *, rounds: int) -> None:
        self._directory = directory
        self._rounds = rounds

    def ours(self, url: str, orders: int, *, rows: str = "orders", pause: float = 0.0) -> dict[str, float]:
        with tempfile.TemporaryDirectory(dir=self._directory) as own:
            return measured(
                *("tests.bench.exports.ours", url, orders, WIDTH, rows, own, pause),
                environment={"DATABASE_URL": f"sqlite:///{own}/portal.sqlite3"},
            )

    def rival(self, url: str, orders: int) -> dict[str, float]:
        path = Path(self._directory) / "rival.csv"
        return measured("tests.bench.exports.rival", url, customer_with(orders), path)

    def files(self, orders: int, *, is_goal: bool) -> None:
        """A file of so many orders against the script and against the latency limit."""
        pages = orders // 100
        limit = (1 + math.ceil((pages - 1) / WIDTH)) * LATENCY / 1000
        with running(LATENCY) as url:
            turns = [(self.rival(url, orders), self.ours(url, orders)) for _ in range(self._rounds)]
        theirs = statistics.median(rival["seconds"] for rival, _ in turns)
        seconds = statistics.median(ours["seconds"] for _, ours in turns)
        say(f"\n{orders:,} orders at {LATENCY} ms, {WIDTH} in flight (limit {limit:.2f} s)")
        say(f"  requests.Session + csv.DictWriter: {theirs:.2f} s; ours: {seconds:.2f} s")
        if is_goal:
            said("times as fast as the script", theirs / seconds, 12, 15, more=True)
            said("% of the latency limit", 100 * limit / seconds, 85, 90, more=True)
        else:
            say(f"  {theirs / seconds:.1f} times as fast, {100 * limit / seconds:.0f} % of the limit")

    def lines(self, orders: int) -> None:
        """A row per line item, network and disk included, against the stock export's CPU time alone."""
        with running(LATENCY) as url:
            ours = orders * LINES / self.ours(url, orders, rows="lines")["seconds"]
        stock = measured("tests.bench.exports.stock")["rows"]
        say(f"\nRows a second, {orders * LINES:,.0f} line items")
        say(f"  ours, over the network: {ours:,.0f}; django-tables2's export, CPU alone: {stock:,.0f}")
        said("times as many", ours / stock, 20, 25, more=True)

    def memory(self, orders: int) -> None:
        with running(0) as url:
            fast = self.ours(url, orders)
            slow = self.ours(url, orders, pause=0.005)
        say(f"\nMemory with {orders:,} orders at 0 ms, over a worker that has made one page")
        said("MiB at the peak", fast["growth"], 32, 16)
        said("MiB at the peak, with a slow reader", slow["growth"], 32, 16)

    def cpu(self, rounds: int) -> None:
        taken = measured("tests.bench.exports.cpu", rounds)
        say("\nCPU per order, from Adobe's bytes to the file's")
        said("µs, a row per order", taken["orders"], 12, 8)
        say(f"  µs, a row per line item (2.5 an order): {taken['lines']:.1f}")

    def pages(self, orders: int, agents: int) -> None:
        with running(LATENCY) as url, tempfile.TemporaryDirectory(dir=self._directory) as own:
            alone, beside = p95s(url, own, orders=orders, agents=agents)
        say(f"\nHistory pages of {agents} agents beside an export of {orders:,} orders")
        say(f"  p95 alone {alone:.0f} ms, beside it {beside:.0f} ms")
        said("times as slow", beside / alone, 2, 1.5)


def said(goal: str, value: float, floor: float, ambitious: float, *, more: bool = False) -> None:
    def reaches(limit: float) -> bool:
        return value >= limit if more else value <= limit

    verdict = "ok" if reaches(ambitious) else "ok, ambitious missed" if reaches(floor) else "MISSED"
    sign = "≥" if more else "≤"
    say(f"  {goal:<40} {value:7.1f}   floor {sign} {floor:g}, ambitious {sign} {ambitious:g}   {verdict}")


def main(quick: bool) -> None:
    with tempfile.TemporaryDirectory() as directory:
        bench = Bench(directory, rounds=1 if quick else 3)
        steps: list[Callable[[], None]] = [
            lambda: bench.cpu(5 if quick else 30),
            lambda: bench.files(10_000, is_goal=False),
        ]
        if quick:
            steps.append(lambda: bench.memory(20_000))
        else:
            steps += [
                lambda: bench.files(100_000, is_goal=True),
                lambda: bench.lines(100_000),
                lambda: bench.memory(1_000_000),
                lambda: bench.pages(1_000_000, 100),
            ]
        for step in steps:
            step()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="less than half a minute; says less")
    main(parser.parse_args().quick)
