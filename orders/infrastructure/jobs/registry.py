"""What workers do beside the jobs in their queues: each subject says it where its jobs are.

The modules that say so are named by the setting JOB_MODULES; `load` imports them.
"""

from collections.abc import Callable
from importlib import import_module
from typing import Any, NamedTuple

from django.conf import settings


class Periodic(NamedTuple):
    """A job without arguments that is enqueued every so many seconds."""

    job: Any
    seconds: float

    @property
    def name(self) -> str:
        return str(self.job.module_path)


periodic: dict[str, Periodic] = {}
sweeps: list[Callable[[], object]] = []


def every(seconds: float, job: Any) -> None:
    """Enqueue `job` every `seconds`, by one worker of all; not while the last one still waits or runs."""
    found = Periodic(job, seconds)
    periodic[found.name] = found


def sweep(look: Callable[[], object]) -> Callable[[], object]:
    """Have every worker call `look` about once a second. It must be cheap where there is nothing to do, and
    safe beside itself: several workers call it at the same time.
    """
    if look not in sweeps:
        sweeps.append(look)
    return look


def load() -> None:
    for name in settings.JOB_MODULES:
        import_module(name)
