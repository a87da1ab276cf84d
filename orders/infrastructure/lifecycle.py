"""Whether this process is still loading, at work, or about to end: told by whoever serves it."""

from collections.abc import Callable

_is_loading = False
_is_ending: Callable[[], bool] = bool  # False


def begin_loading() -> None:
    global _is_loading
    _is_loading = True


def is_loaded() -> None:
    global _is_loading
    _is_loading = False


def ends_when(is_ending: Callable[[], bool]) -> None:
    """For the web server: how to find out that it was asked to end."""
    global _is_ending
    _is_ending = is_ending


def phase() -> str:
    """`starting`, `serving` or `stopping`."""
    if _is_ending():
        return "stopping"
    return "starting" if _is_loading else "serving"
