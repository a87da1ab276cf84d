"""What each fault did to those who asked for pages, as a table at the end of the run."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import pytest

from tests.faults.visitors import Asked, failed, slowest

PROPERTY = "fault"
_HEADINGS = (
    *("fault", "asked", "failed", "slowest", "recovered after"),
    *("files", "lost or unequal", "ledger rows", "missing"),
)


@dataclass(frozen=True)
class Outcome:
    """`asked` pages, of which `failed` with anything but an answer in words. In seconds: `slowest`, and how
    long after the fault's end the first page was whole again, None where it never hurt.

    Of all that was asked of the portal: `files` begun, of which `wrong` were lost or unequal in the end, and
    `rows` that the ledger has to have of what was shown, of which `missing` are not there.
    """

    fault: str
    asked: int
    failed: int
    slowest: float
    recovered: float | None = None
    files: int = 0
    wrong: int = 0
    rows: int = 0
    missing: int = 0

    @classmethod
    def of(cls, fault: str, pages: Sequence[Asked], recovered: float | None = None) -> "Outcome":
        return cls(fault, len(pages), len(failed(pages)), slowest(pages), recovered)

    @property
    def cells(self) -> tuple[str, ...]:
        after = "-" if self.recovered is None else f"{self.recovered:.2f} s"
        counted = map(str, (self.files, self.wrong, self.rows, self.missing))
        return (self.fault, str(self.asked), str(self.failed), f"{self.slowest:.2f} s", after, *counted)


@pytest.fixture
def tell(record_property: Any) -> Any:
    """Put an outcome into the table; with the portal, what became of files and of the ledger, too."""

    def told(outcome: Outcome, portal: Any = None) -> None:
        wrong: list[Asked] = []
        if portal is not None:
            rows, files, wrong = portal.shown(), len(portal.files), portal.wrong_files()
            missing = max(0, len(rows) - portal.rows_in_ledger())
            outcome = replace(outcome, files=files, wrong=len(wrong), rows=len(rows), missing=missing)
        record_property(PROPERTY, asdict(outcome))
        assert [(file.status, file.text) for file in wrong] == []
        assert (outcome.wrong, outcome.missing) == (0, 0)

    return told


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
