"""From page to page: asked for side by side, handed out strictly in order, never more than a window ahead."""

from collections import deque
from collections.abc import Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor, wait

from orders.exports.engine.backoff import Backoff
from orders.exports.engine.pages import Page

_LOOK_ROUND = 0.25  # seconds; how often whoever waits for a page may do something else

Ask = Callable[[int], Page]


class PageFetcher:
    """Asks for pages through `backoff`; a context manager, because it has threads.

    Whoever wants a page drives it: it gives None a few times a second while there is nothing but waiting.
    """

    def __init__(self, read: Ask, backoff: Backoff) -> None:
        self._read = read
        self._backoff = backoff
        self._threads = backoff.width
        self._pool = ThreadPoolExecutor(backoff.width, thread_name_prefix="export")

    def __enter__(self) -> "PageFetcher":
        return self

    def __exit__(self, *_: object) -> None:
        # Calls under way end by their own deadline; nobody waits for them.
        self._backoff.stop()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def page(self, offset: int) -> Generator[None, None, Page]:
        """A single page, by itself: the generator's own result."""
        return (yield from _awaited(self._ask(offset)))

    def pages(self, start: int, *, total: int | None, step: int) -> Generator[Page | None, None, None]:
        """All pages from `start` on, and None while one is awaited. `total` and `step` are what earlier
        pages said of the result.

        Where a page is shorter or longer than expected, the pages after it are asked for anew: they
        begin where it ended. The last page is the one that reaches the latest total, or an empty one.
        """
        ahead: deque[tuple[int, Future[Page]]] = deque()
        planned = start
        try:
            while True:
                planned = self._plan(ahead, planned, total, step)
                _, future = ahead.popleft()
                page = yield from _awaited(future)
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
        width = self._backoff.width
        room = 1 if total is None else width if width < self._threads else 2 * width
        while not ahead or (planned < (total or 0) and len(ahead) < room):
            ahead.append((planned, self._ask(planned)))
            planned += step
        return planned

    def _ask(self, offset: int) -> "Future[Page]":
        return self._pool.submit(self._backoff.ask, self._read, offset)


def _awaited(future: "Future[Page]") -> Generator[None, None, Page]:
    while not future.done():
        wait([future], timeout=_LOOK_ROUND)
        yield None
    return future.result()


def _drop(ahead: deque[tuple[int, Future[Page]]]) -> None:
    for _, future in ahead:
        future.cancel()
    ahead.clear()
