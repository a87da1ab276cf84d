"""Medians of rounds taken in turn, and the targets they are held against."""

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


def say(*lines: object) -> None:
    print(*lines, sep="\n", flush=True)  # noqa: T201  (a bench prints)


def median(values: Sequence[float]) -> float:
    return statistics.median(values)


def p95(values: Sequence[float]) -> float:
    return sorted(values)[min(len(values) - 1, round(0.95 * (len(values) - 1)))]


def cpu_ms(kinds: Mapping[str, Callable[[], Any]], *, rounds: int) -> dict[str, float]:
    """Median CPU milliseconds of each kind. They run in turn, so that a busy moment hits all of them."""
    taken: dict[str, list[float]] = {name: [] for name in kinds}
    for number in range(-2, rounds):
        for name, run in kinds.items():
            started = time.thread_time()
            run()
            if number >= 0:  # the first two rounds only warm up
                taken[name].append((time.thread_time() - started) * 1000)
    return {name: median(values) for name, values in taken.items()}


@dataclass(frozen=True)
class Target:
    """A row of the goals. `is_more_better` tells which side of a limit is the good one."""

    goal: str
    value: float
    floor: float
    ambitious: float
    unit: str
    is_more_better: bool = False

    def reaches(self, limit: float) -> bool:
        return self.value >= limit if self.is_more_better else self.value <= limit

    @property
    def verdict(self) -> str:
        if self.reaches(self.ambitious):
            return "ok"
        return "ok, ambitious missed" if self.reaches(self.floor) else "MISSED"

    def __str__(self) -> str:
        sign = "≥" if self.is_more_better else "≤"
        limits = f"floor {sign} {self.floor:g}, ambitious {sign} {self.ambitious:g}"
        return f"  {self.goal:<58} {self.value:7.2f} {self.unit:<4} {limits:<34} {self.verdict}"
