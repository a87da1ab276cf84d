"""`make run` as a newcomer meets it: one command, real processes, and nothing left behind."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 60.0  # seconds; the machine may be busy with other tests


class Demo:
    """A running demo: its process, and what it has printed."""

    def __init__(self, directory: Path) -> None:
        self.output = directory / "output"
        environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("ADOBE_", "FABRIC_", "UPSTREAM_"))
            and name not in {"SECRET_KEY", "DJANGO_SETTINGS_MODULE", "DEBUG", "HTTPS_ONLY", "ALLOWED_HOSTS"}
        }
        environment["DATABASE_URL"] = f"sqlite:///{directory / 'portal.sqlite3'}"
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "rundemo", "--port", "0"],
                cwd=ROOT,
                env=environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                # As a script's job in the background begins.
                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),
            )

    @property
    def printed(self) -> str:
        return self.output.read_text()

    def wait_until_ready(self) -> None:
        wait_for(lambda: "Ctrl-C" in self.printed or self.process.poll() is not None)
        assert self.process.poll() is None, self.printed

    @property
    def url(self) -> str:
        return re.search(r"Orders Portal +(http://127\.0\.0\.1:\d+)", self.printed).group(1)  # type: ignore[union-attr]

    def people(self) -> dict[str, str]:
        return dict(re.findall(r"^  (agent|manager|admin) +(\S+)", self.printed, re.MULTILINE))

    def children(self) -> list[int]:
        """As Linux lists them; other systems have no /proc."""
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in listed.read_text().split()] if listed.exists() else []


def wait_for(condition, patience: float = PATIENCE) -> None:
    deadline = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.1)


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    started = Demo(tmp_path)
    try:
        started.wait_until_ready()
        yield started
    finally:
        children = started.children()
        started.process.kill()
        started.process.wait()
        for pid in children:
            if is_running(pid):
                os.kill(pid, signal.SIGKILL)


def sign_in(url: str, username: str, password: str) -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    form = session.get(f"{url}/accounts/login/", timeout=20)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form.text).group(1)  # type: ignore[union-attr]
    answer = session.post(
        f"{url}/accounts/login/",
        data={"username": username, "login": username, "password": password, "csrfmiddlewaretoken": token},
        timeout=20,
    )
    assert answer.url == f"{url}/"
    return session


def test_each_printed_person_can_sign_in_and_read_the_printed_customers(demo: Demo) -> None:
    people = demo.people()
    assert sorted(people) == ["admin", "agent", "manager"]
    for username, password in people.items():
        sign_in(demo.url, username, password)
    session = sign_in(demo.url, "agent", people["agent"])
    tried = re.findall(r"^  (adobe|fabric) +(\S+) ", demo.printed, re.MULTILINE)
    assert len(tried) == 3
    statuses = {
        customer_id: session.get(
            f"{demo.url}/{source}/customers/{customer_id}/orders/", timeout=30
        ).status_code
        for source, customer_id in tried
    }
    assert sorted(statuses.values()) == [200, 200, 504]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL], ids=lambda n: n.name)
def test_however_it_ends_no_process_is_left(demo: Demo, number: signal.Signals) -> None:
    children = demo.children()
    assert len(children) >= 2
    demo.process.send_signal(number)
    demo.process.wait(timeout=30)
    wait_for(lambda: not any(map(is_running, children)), patience=15)


def test_a_taken_port_is_said_in_one_line(demo: Demo, tmp_path: Path) -> None:
    port = demo.url.rpartition(":")[2]
    second = subprocess.run(
        [sys.executable, "manage.py", "rundemo", "--port", port],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": f"sqlite:///{tmp_path / 'other.sqlite3'}"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert second.returncode != 0
    assert second.stderr.strip() == f"CommandError: Port {port} is in use. Choose another: make run PORT=8001"
