"""Agents at work: each reads a page, thinks for a while, and asks for the next one."""

import heapq
import random
import selectors
import socket
import time
from dataclasses import dataclass, field

from tests.bench.http import BrokenAnswer, whole_length

THINK = 5.0  # seconds on average


@dataclass(order=True)
class _Visit:
    """A page that is asked for when `due`, however long the one before it took."""

    due: float
    received: bytearray = field(default_factory=bytearray, compare=False)


def page_times(port: int, request: bytes, *, agents: int, seconds: float) -> list[float]:
    """Milliseconds of each page, from the moment it was due to its last byte.

    Each page comes over a connection of its own: after some seconds of thought the last one is closed.
    `request` has to ask for that. All agents live in this one thread, with a fixed seed.
    """
    pick = random.Random(agents)
    started = time.perf_counter()
    # Whoever asks again does so after a pause from a distribution without memory: so the moments of all
    # pages together can be drawn beforehand, and a slow page doesn't make the next one come later.
    moment, waiting = started, []
    while (moment := moment + pick.expovariate(agents / THINK)) < started + seconds:
        waiting.append(_Visit(moment))
    heapq.heapify(waiting)
    taken: list[float] = []
    with selectors.DefaultSelector() as selector:
        while waiting or selector.get_map():
            now = time.perf_counter()
            while waiting and waiting[0].due <= now:
                _ask(selector, port, request, heapq.heappop(waiting))
            pause = waiting[0].due - now if waiting else 1.0
            for key, _ in selector.select(max(0.0, pause)):
                if _has_ended(key):
                    taken.append((time.perf_counter() - key.data.due) * 1000)
                    selector.unregister(key.fileobj)
                    key.fileobj.close()  # type: ignore[union-attr]  # a socket, as we registered it
    return taken


def _ask(selector: selectors.BaseSelector, port: int, request: bytes, visit: _Visit) -> None:
    sock = socket.create_connection(("127.0.0.1", port), timeout=20)
    sock.sendall(request)
    selector.register(sock, selectors.EVENT_READ, visit)


def _has_ended(key: selectors.SelectorKey) -> bool:
    sock, received = key.fileobj, key.data.received
    assert isinstance(sock, socket.socket)
    data = sock.recv(262_144)
    if not data:
        raise BrokenAnswer("the connection ended early")
    received += data
    length = whole_length(received)
    return length is not None and len(received) >= length
