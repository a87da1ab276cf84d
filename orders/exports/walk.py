"""From page to page: asked for side by side, handed out strictly in order, never more than a window ahead."""

from collections import deque
from collections.abc import Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor, wait

from orders.exports.pages import Page
from orders.exports.patience import Pacing

_LOOK_ROUND = 0.25  # seconds; how often whoever waits for a page does something else

Ask = Callable[[int], Page]


class Walk:
    """Asks for pages through `pacing`; a context manager, because it has threads.

    `tick` is called at least a few times a second; what it raises ends the walk.
    """

    def __init__(self, read: Ask, pacing: Pacing, tick: Callable[[], None]) -> None:
        self._read = read
        self._pacing = pacing
        self._tick = tick
        self._threads = pacing.width
        self._pool = ThreadPoolExecutor(pacing.width, thread_name_prefix="export")

    def __enter__(self) -> "Walk":
        return self

    def __exit__(self, *_: object) -> None:
        # Calls under way end by their own deadline; nobody waits for them.
        self._pacing.stop()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def page(self, offset: int) -> Page:
        """A single page, by itself."""
        return self._result(self._ask(offset))

    def pages(self, start: int, *, total: int | None, step: int) -> Generator[Page, None, None]:
        """All pages from `start` on. `total` and `step` are what earlier pages said of the result.

        Where a page is shorter or longer than expected, the pages after it are asked for anew: they
        begin where it ended. The last page is the one that reaches the latest total, or an empty one.
        """
        ahead: deque[tuple[int, Future[Page]]] = deque()
        planned = start
        try:
            while True:
                planned = self._plan(ahead, planned, total, step)
                _, future = ahead.popleft()
                page = self._result(future)
                total, step = page.total, page.step
                if page.next_offset != (ahead[0][0] if ahead else planned):
                    _drop(ahead)
                    planned = page.next_offset
                yield page
                if page.is_last or not page.received:
                    return
        finally:
            _drop(ahead)

    def _plan(
        self, ahead: deque[tuple[int, Future[Page]]], planned: int, total: int | None, step: int
    ) -> int:
        """Ask for more while there is room; the offset up to which all has been asked for."""
        # Without a total, only the answer to one page says whether there is another. With one, some
        # pages stand in line, so that no thread waits for us to ask; not so once we are throttled.
        width = self._pacing.width
        room = 1 if total is None else width if width < self._threads else 2 * width
        while not ahead or (planned < (total or 0) and len(ahead) < room):
            ahead.append((planned, self._ask(planned)))
            planned += step
        return planned

    def _ask(self, offset: int) -> "Future[Page]":
        return self._pool.submit(self._pacing.ask, self._read, offset)

    def _result(self, future: "Future[Page]") -> Page:
        while not future.done():
            wait([future], timeout=_LOOK_ROUND)
            self._tick()
        return future.result()


def _drop(ahead: deque[tuple[int, Future[Page]]]) -> None:
    for _, future in ahead:
        future.cancel()
    ahead.clear()
