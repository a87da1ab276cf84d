"""How a worker is told to end, and how it is woken before its time."""

import threading
from typing import Any

# Set when this process has been asked to end. A long job looks at it, saves how far it is, and returns.
stopping = threading.Event()

# Set when there may be something to do: a job has ended, or the process has to.
woken = threading.Event()


def stop(*_: Any) -> None:
    """Also a handler of signals."""
    stopping.set()
    woken.set()
