"""Ends calls at their deadline: one thread per process shuts down the sockets of overdue ones.

A socket timeout bounds one silence, not a call: a server that drips a byte per second is never
silent.
"""

import os
import socket
import threading
from time import monotonic
from types import TracebackType
from typing import Self


class Guard:
    """One attempt's time limit; a context manager. `expired` tells afterwards whether it was hit.

    `deadline` is an instant of `time.monotonic`. A guard owns a duplicate of each file descriptor
    it watches, so that a number which was closed and given to somebody else meanwhile is never
    touched.
    """

    __slots__ = ("_descriptors", "deadline", "expired", "reused")

    def __init__(self, deadline: float) -> None:
        self.deadline = deadline
        self.expired = False
        self.reused = False  # whether the request went out on a connection kept alive
        self._descriptors: list[int] = []

    def __enter__(self) -> Self:
        _current.guard = self
        _watchdog.watch(self)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        _current.guard = None
        _watchdog.forget(self)

    def attach(self, sock: socket.socket) -> None:
        """Watch this socket, and the TLS socket that may be made of it, until `detach`."""
        _watchdog.attach(self, sock)

    def detach(self) -> bool:
        """Let go of everything at once; False where the deadline was first: the socket is dead."""
        return _watchdog.detach(self)

    def close_descriptors(self) -> None:
        """For the watchdog alone, which holds its lock meanwhile."""
        for descriptor in self._descriptors:
            os.close(descriptor)
        self._descriptors.clear()

    def add_descriptor(self, sock: socket.socket) -> None:
        """For the watchdog alone, which holds its lock meanwhile."""
        descriptor = os.dup(sock.fileno())
        self._descriptors.append(descriptor)
        if self.expired:
            _shut_down(descriptor)

    def expire(self) -> None:
        """For the watchdog alone, which holds its lock meanwhile."""
        self.expired = True
        for descriptor in self._descriptors:
            _shut_down(descriptor)


def current_guard() -> Guard | None:
    """The guard this thread works under, for connections that register their sockets."""
    return getattr(_current, "guard", None)


class _Watchdog:
    def __init__(self) -> None:
        self._changed = threading.Condition(threading.Lock())
        self._guards: set[Guard] = set()
        self._wakes_at = float("inf")
        self._thread: threading.Thread | None = None

    def watch(self, guard: Guard) -> None:
        with self._changed:
            self._guards.add(guard)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="deadlines", daemon=True)
                self._thread.start()
            # Deadlines mostly come in the order of their calls: then the thread already wakes early
            # enough, and a call that is answered in time costs no context switch.
            if guard.deadline < self._wakes_at:
                self._changed.notify()

    def forget(self, guard: Guard) -> None:
        with self._changed:
            self._guards.discard(guard)
            guard.close_descriptors()

    def attach(self, guard: Guard, sock: socket.socket) -> None:
        with self._changed:
            guard.add_descriptor(sock)

    def detach(self, guard: Guard) -> bool:
        with self._changed:
            self._guards.discard(guard)  # what is complete cannot be late any more
            guard.close_descriptors()
            return not guard.expired

    def _run(self) -> None:
        with self._changed:
            while True:
                moment = monotonic()
                for guard in [guard for guard in self._guards if guard.deadline <= moment]:
                    self._guards.discard(guard)
                    guard.expire()
                self._wakes_at = min((guard.deadline for guard in self._guards), default=float("inf"))
                idle = self._wakes_at == float("inf")
                self._changed.wait(None if idle else max(0.0, self._wakes_at - monotonic()))


def _shut_down(descriptor: int) -> None:
    # The plain socket's shutdown, not the TLS socket's: that one drops its cipher state first, and
    # a thread that is just sending would then send in the clear.
    sock = socket.socket(fileno=descriptor)
    try:
        sock.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass  # already gone, which is what we want
    finally:
        sock.detach()


def _start_afresh() -> None:
    # A forked worker has neither our thread nor the threads whose calls were being watched.
    global _watchdog
    _watchdog = _Watchdog()
    _current.guard = None


_current = threading.local()
_watchdog = _Watchdog()
os.register_at_fork(after_in_child=_start_afresh)
