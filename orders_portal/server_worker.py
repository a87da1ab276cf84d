"""gunicorn's threaded worker with doors of their own for health and sign-in.

Threads that ask an upstream may all be waiting for it. Whoever asks whether the portal lives, or signs in,
is answered by threads that never ask one.
"""

import re
import selectors
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker

# The beginning of a request; what precedes the path is the prefix that all addresses may have.
_LIVE = re.compile(rb"(?:GET|HEAD) /?[^ ?]*/health/live[ ?]")
_ASIDE = re.compile(rb"[A-Z]+ /?[^ ?]*/(?:health/ready|metrics|accounts/[^ ]*)[ ?]")
_LOOKED_AT = 512  # bytes
_THREADS_ASIDE = 4
_PATIENCE = 5  # seconds for the first bytes, where connections are not kept for longer anyway


class Worker(ThreadWorker):
    """Requests go to one of three pools, by what their first bytes ask for."""

    def get_thread_pool(self) -> ThreadPoolExecutor:
        self._live = ThreadPoolExecutor(1)
        self._aside = ThreadPoolExecutor(_THREADS_ASIDE)
        pool: ThreadPoolExecutor = super().get_thread_pool()
        return pool

    def accept(self, listener: socket.socket) -> None:
        """A new connection waits for its first bytes without a thread: they say whose it is."""
        try:
            client, address = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return  # another process was quicker, or the client has gone
        self.nr_conns += 1
        client.setblocking(False)
        connection = TConn(self.cfg, client, address, listener.getsockname())
        connection.timeout = time.monotonic() + max(self.cfg.keepalive, _PATIENCE)
        self.pending_conns.append(connection)
        self.poller.register(
            client, selectors.EVENT_READ, partial(self.on_pending_socket_readable, connection)
        )

    def enqueue_req(self, connection: Any) -> None:
        future = self._pool_for(connection.sock).submit(self.handle, connection)
        future.add_done_callback(lambda done: self.method_queue.defer(self.finish_request, connection, done))

    def _pool_for(self, client: socket.socket) -> ThreadPoolExecutor:
        try:
            begun = client.recv(_LOOKED_AT, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        except (OSError, ValueError):
            begun = b""  # the client has gone, or all is encrypted
        if _LIVE.match(begun):
            return self._live
        pool: ThreadPoolExecutor = self._aside if _ASIDE.match(begun) else self.tpool
        return pool
