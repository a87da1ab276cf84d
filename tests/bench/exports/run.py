"""Children of the benchmark: each measures one thing in a process of its own and prints it as JSON."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any


def report(**figures: float) -> None:
    print(json.dumps(figures), flush=True)  # noqa: T201  (how our parent learns it)


def measured(module: str, *arguments: object, environment: dict[str, str] | None = None) -> dict[str, float]:
    """What `python -m module` reports."""
    done = subprocess.run(
        [sys.executable, "-m", module, *map(str, arguments)],
        env={**os.environ, **(environment or {})},
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return figures


def rss() -> float:
    """Resident memory of this process, in MiB."""
    return _status("VmRSS")


def peak_rss() -> float:
    return _status("VmHWM")


def forget_peak() -> None:
    """The peak begins anew at what is resident now."""
    Path("/proc/self/clear_refs").write_text("5")


def _status(name: str) -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    found: Any = dict(line.split(":", 1) for line in lines)[name]
    return int(found.split()[0]) / 1024
