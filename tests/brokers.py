"""A Redis of a test's own, to be emptied, stopped and started again on the same port."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import redis

from tests.processes import end, free_port, wait_until


class Broker:
    def __init__(self, directory: Path) -> None:
        self._directory, self.port = directory, free_port()
        self.client = redis.Redis(port=self.port)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        command = ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", ""]
        self._process = subprocess.Popen(
            [*command, "--dir", str(self._directory)], stdout=subprocess.DEVNULL, start_new_session=True
        )
        wait_until(self._answers)

    def stop(self) -> None:
        self.client.close()
        if self._process is not None:
            end(self._process)
            self._process = None

    def _answers(self) -> bool:
        try:
            return bool(self.client.ping())
        except redis.RedisError:
            return False


@contextmanager
def own_broker(directory: Path) -> Iterator[Broker]:
    if shutil.which("redis-server") is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("no redis-server here")
    broker = Broker(directory)
    broker.start()
    try:
        yield broker
    finally:
        broker.stop()
