"""What processes of ours that start others have in common."""

import signal
import sys


def end_with_parent() -> None:
    """Ask Linux to end this process when its parent is gone, even by `kill -9`; for `preexec_fn`."""
    if sys.platform != "linux":
        return
    import ctypes

    parent_death_signal = 1  # PR_SET_PDEATHSIG of prctl(2)
    ctypes.CDLL(None).prctl(parent_death_signal, signal.SIGTERM)
