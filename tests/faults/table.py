"""What each fault did to those who asked for pages, as a table at the end of the run."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import pytest

PROPERTY = "fault"
_HEADINGS = ("fault", "asked", "failed", "slowest", "recovered after")


@dataclass(frozen=True)
class Outcome:
    """`asked` pages, of which `failed` with anything but an answer in words. In seconds: `slowest`, and how
    long after the fault's end the first page was whole again, None where it never hurt.
    """

    fault: str
    asked: int
    failed: int
    slowest: float
    recovered: float | None = None

    @property
    def cells(self) -> tuple[str, ...]:
        after = "-" if self.recovered is None else f"{self.recovered:.2f} s"
        return (self.fault, str(self.asked), str(self.failed), f"{self.slowest:.2f} s", after)


@pytest.fixture
def tell(record_property: Any) -> Any:
    """Put an outcome into the table."""
    return lambda outcome: record_property(PROPERTY, asdict(outcome))


def drawn(outcomes: Sequence[Outcome]) -> list[str]:
    rows = [_HEADINGS, *(each.cells for each in outcomes)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]


def pytest_terminal_summary(terminalreporter: Any) -> None:
    reports = [report for kind in ("passed", "failed") for report in terminalreporter.stats.get(kind, [])]
    found = [Outcome(**value) for each in reports for name, value in each.user_properties if name == PROPERTY]
    if found:
        terminalreporter.section("faults", sep="-")
        for line in drawn(sorted(found, key=lambda each: each.fault)):
            terminalreporter.write_line(line)
