"""People who ask a running portal for pages, many at once, and what became of each of their pages."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import requests

# Nobody waits for longer; a page that takes so long was never answered.
GIVEN_UP = 60.0


@dataclass(frozen=True)
class Asked:
    """One page: `status` is 0 where nothing came; `at` is when it was asked for, by `time.monotonic`."""

    address: str
    status: int
    seconds: float
    at: float
    text: str = ""

    @property
    def is_answered(self) -> bool:
        """Whole, or refused in words: not our mistake, not silence."""
        return self.status in {200, 302, 303} or (self.status in {429, 502, 503, 504} and len(self.text) > 40)


def ask(address: str, cookies: dict[str, str] | None = None, **form: str) -> Asked:
    """As a browser does, on a connection of its own."""
    begun = time.monotonic()
    headers = {"Accept": "text/html"}
    try:
        with requests.request(
            "POST" if form else "GET",
            address,
            data=form or None,
            cookies=cookies,
            headers=headers,
            timeout=GIVEN_UP,
            allow_redirects=False,
        ) as answer:
            status, text = answer.status_code, answer.text
    except requests.RequestException as error:
        status, text = 0, type(error).__name__
    return Asked(address, status, time.monotonic() - begun, begun, text)


def crowd(count: int, visit: Callable[[int], Asked]) -> list[Asked]:
    """`count` visitors at the same moment, each with a number of their own."""
    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(visit, range(count)))


def crowd_for(seconds: float, count: int, visit: Callable[[int], Asked]) -> list[Asked]:
    """`count` visitors who ask again and again for a while."""
    end = time.monotonic() + seconds

    def stay(number: int) -> list[Asked]:
        found = []
        while time.monotonic() < end:
            found.append(visit(number))
        return found

    with ThreadPoolExecutor(count) as pool:
        return [each for found in pool.map(stay, range(count)) for each in found]


def slowest(pages: Sequence[Asked]) -> float:
    return max((each.seconds for each in pages), default=0.0)


def failed(pages: Sequence[Asked]) -> list[Asked]:
    return [each for each in pages if not each.is_answered]


def percentile(pages: Sequence[Asked], share: float) -> float:
    """Seconds within which this share of the pages was there."""
    ordered = sorted(each.seconds for each in pages)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
