"""The demo of `make run` as a process of its own, and how a browser signs in to it."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import requests

from tests.processes import wait_until

PATIENCE = 90.0  # seconds for all of its processes to start


class Demo:
    """A running demo: its process, and what it has printed."""

    def __init__(self, process: "subprocess.Popen[bytes]", output: Path) -> None:
        self.process = process
        self._output = output

    @property
    def printed(self) -> str:
        return self._output.read_text()

    @property
    def url(self) -> str:
        return self._said(r"Orders Portal +(\S+)")

    @property
    def sandbox_url(self) -> str:
        return self._said(r"all of them: (\S+)/")

    def passwords(self) -> dict[str, str]:
        """By user name."""
        listed = self.printed.partition("Sign in as:")[2].partition("Customers to try:")[0]
        return dict(re.findall(r"^  (\w+) +(\S+) +\S", listed, re.MULTILINE))

    def descendants(self) -> list[int]:
        """All that descend from it, as Linux lists them; other systems have no /proc."""
        return descendants(self.process.pid)

    def is_ready(self) -> bool:
        assert self.process.poll() is None, f"the demo did not start:\n{self.printed}"
        return "Ctrl-C" in self.printed

    def _said(self, pattern: str) -> str:
        found = re.search(pattern, self.printed)
        assert found, f"the demo did not say {pattern}:\n{self.printed}"
        return found[1]


@contextmanager
def running_demo(checkout: Path, directory: Path, environment: Mapping[str, str]) -> Iterator[Demo]:
    """The demo of this checkout, ready; however the test ends, none of its processes is left."""
    output = directory / "output"
    with output.open("wb") as opened:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "rundemo", "--port", "0"],
            cwd=checkout,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=opened,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            # As a script's job in the background begins.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),
        )
    demo = Demo(process, output)
    try:
        wait_until(demo.is_ready, seconds=PATIENCE, pause=0.1)
        yield demo
    finally:
        others = demo.descendants()
        process.kill()
        process.wait()
        for pid in filter(is_running, others):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def descendants(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children")
    children = [int(child) for child in listed.read_text().split()] if listed.exists() else []
    return [*children, *(each for child in children for each in descendants(child))]


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def form_token(page: str) -> str:
    """The token of the first form in this page."""
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert found, page[:2000]
    return found[1]


def sign_in(url: str, username: str, password: str) -> requests.Session:
    """A browser in which somebody has signed in by the form."""
    session = requests.Session()
    session.trust_env = False
    address = f"{url}/accounts/login/"
    form = {"login": username, "username": username, "password": password}
    form["csrfmiddlewaretoken"] = form_token(session.get(address, timeout=20).text)
    answer = session.post(address, data=form, timeout=20)
    assert answer.url in {f"{url}/", f"{url}/portfolio/"}, answer.text[:2000]
    return session
