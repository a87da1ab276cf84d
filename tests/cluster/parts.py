"""One part of a cluster: a process of somebody's, with all that it has started."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from orders.infrastructure.processes import end_with_parent
from tests.processes import ROOT, wait_until

_GRACE = 40.0  # seconds, as in our systemd units
_BETWEEN_TRIES = 0.5


@dataclass
class Part:
    """`is_up` says whether it works. It is started anew where it ended by itself and `is_wanted`."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    is_up: Callable[[], bool]
    log: Path
    user: str | None = None
    stops_with: signal.Signals = signal.SIGTERM
    process: "subprocess.Popen[bytes] | None" = field(default=None, init=False)
    is_wanted: bool = field(default=False, init=False)

    def start(self) -> None:
        """Return when it works; a port or a lock of the one before may not be free at once."""
        self.is_wanted = True

        def works() -> bool:
            if not self.is_alive():
                self.launch()
                time.sleep(_BETWEEN_TRIES)
            return self.is_up()

        try:
            wait_until(works, seconds=90)
        except AssertionError:
            end = self.log.read_text(errors="replace")[-2000:] if self.log.exists() else ""
            raise AssertionError(f"{self.name} does not work:\n{end}") from None

    def launch(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env=dict(self.environment),
                user=self.user,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=end_with_parent,
            )

    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def kill(self) -> None:
        """As where the machine loses power."""
        self.is_wanted = False
        self._tell_all(signal.SIGKILL)
        assert self.process is not None
        self.process.wait(10)

    def hang(self) -> None:
        self._tell_all(signal.SIGSTOP)

    def wake(self) -> None:
        self._tell_all(signal.SIGCONT)

    def ask_to_end(self) -> None:
        self.is_wanted = False
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(self.stops_with)

    def stop(self) -> None:
        """As a service is stopped."""
        if self.is_wanted:  # else it was asked already; who is asked twice may drop what it has in hand
            self.ask_to_end()
        if self.process is None:
            return
        try:
            self.process.wait(_GRACE)
        except subprocess.TimeoutExpired:
            self.kill()

    def _tell_all(self, number: signal.Signals) -> None:
        assert self.process is not None
        for pid in family(self.process.pid):
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                continue


def family(pid: int) -> list[int]:
    """The process and all that come from it, as Linux has them now."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:  # it has just ended
            continue
        parents[int(stat.parent.name)] = int(fields[1])
    found = [pid]
    for each in found:
        found += [child for child, parent in parents.items() if parent == each]
    return found
