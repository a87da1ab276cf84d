"""From page to page: asked for side by side, handed out strictly in order, never more than a window ahead."""

from collections import deque
from collections.abc import Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from threading import Event

from orders.exports.engine.backoff import Backoff
from orders.exports.engine.pages import Page

LOOK_ROUND = 0.25  # seconds; how often whoever waits for a page may do something else

Ask = Callable[[int], Page]


class Askers:
    """Threads that ask for pages through `backoff`, for one result or several; a context manager.

    `woken` is set whenever an answer has come.
    """

    def __init__(self, backoff: Backoff) -> None:
        self.backoff = backoff
        self.threads = backoff.width
        self.woken = Event()
        self._pool = ThreadPoolExecutor(backoff.width, thread_name_prefix="export")

    def __enter__(self) -> "Askers":
        return self

    def __exit__(self, *_: object) -> None:
        # Calls under way end by their own deadline; nobody waits for them.
        self.backoff.stop()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def submit(self, read: Ask, offset: int) -> "Future[Page]":
        future = self._pool.submit(self.backoff.ask, read, offset)
        future.add_done_callback(lambda _: self.woken.set())
        return future


class PageFetcher:
    """Asks for the pages of one result.

    Whoever wants a page drives it: it gives None a few times a second while there is nothing but waiting.
    Where several share the `askers`, whoever drives them all waits by itself: then `room` says how many pages
    one may have asked for ahead, None is given at once, and `is_waiting` says so.
    """

    def __init__(self, read: Ask, askers: Askers, *, room: Callable[[], int] | None = None) -> None:
        self.is_waiting = False
        self._read = read
        self._askers = askers
        self._room = room

    def page(self, offset: int) -> Generator[None, None, Page]:
        """A single page, by itself: the generator's own result."""
        return (yield from self._awaited(self._ask(offset)))

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
                page = yield from self._awaited(future)
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
        width, threads = self._askers.backoff.width, self._askers.threads
        most = self._room() if self._room else width if width < threads else 2 * width
        room = 1 if total is None else most
        while not ahead or (planned < (total or 0) and len(ahead) < room):
            ahead.append((planned, self._ask(planned)))
            planned += step
        return planned

    def _ask(self, offset: int) -> "Future[Page]":
        return self._askers.submit(self._read, offset)

    def _awaited(self, future: "Future[Page]") -> Generator[None, None, Page]:
        while not future.done():
            if self._room is None:
                wait([future], timeout=LOOK_ROUND)
            self.is_waiting = True
            yield None
        self.is_waiting = False
        return future.result()


def _drop(ahead: deque[tuple[int, Future[Page]]]) -> None:
    for _, future in ahead:
        future.cancel()
    ahead.clear()
