"""Mixed load on a cluster: people at pages, scripts at look-ups, and files made in the background."""

import hashlib
import threading
import time
from dataclasses import dataclass, field

import requests

from orders.sandbox import customers
from tests.faults.visitors import Asked, ask

PAGES = (
    f"/adobe/customers/{customers.ADOBE_SMALL}/orders/",
    f"/fabric/customers/{customers.FABRIC_SHORT}/orders/",
    "/",
)
WANTED = {"source": "adobe", "customerId": customers.ADOBE_LARGE, "rows": "orders", "format": "csv"}
_BETWEEN_FILES = 2.0  # seconds
_LOOKERS = 4


@dataclass
class Load:
    """`with Load(url, session, token) as load:`; it goes on until the end of the block."""

    url: str
    session: str
    token: str
    asked: list[Asked] = field(default_factory=list)
    files: list[str] = field(default_factory=list)  # addresses of those that were promised
    _over: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def __enter__(self) -> "Load":
        works = [self._look] * _LOOKERS + [self._look_up, self._ask_for_files]
        self._threads = [threading.Thread(target=work, daemon=True) for work in works]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join(70)

    def since(self, begun: float) -> list[Asked]:
        return [each for each in list(self.asked) if each.at >= begun]

    def _look(self) -> None:
        number = 0
        while not self._over.is_set():
            number += 1
            self.asked.append(ask(self.url + PAGES[number % len(PAGES)], {"session": self.session}))
            self._over.wait(0.2)

    def _look_up(self) -> None:
        while not self._over.is_set():
            begun = time.monotonic()
            status, text = 0, ""
            try:
                answer = requests.get(
                    f"{self.url}/api/v1/lookup",
                    params={"id": customers.ADOBE_SMALL},
                    headers=self._script,
                    timeout=60,
                )
                status, text = answer.status_code, answer.text
            except requests.RequestException as error:
                text = type(error).__name__
            self.asked.append(Asked("look-up", status, time.monotonic() - begun, begun, text))
            self._over.wait(0.5)

    def _ask_for_files(self) -> None:
        while not self._over.is_set():
            try:
                answer = requests.post(
                    f"{self.url}/api/v1/exports", json=WANTED, headers=self._script, timeout=60
                )
                if answer.status_code == 202:
                    self.files.append(answer.headers["Location"])
            except requests.RequestException:
                pass  # nothing was promised
            self._over.wait(_BETWEEN_FILES)

    @property
    def _script(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def fetched(self, seconds: float) -> list[str]:
        """For each file that was promised what came of it: its hash, or a status."""
        deadline = time.monotonic() + seconds
        return [self._fetched(address, deadline) for address in self.files]

    def _fetched(self, address: str, deadline: float) -> str:
        while True:
            answer = requests.get(f"{address}/file", headers=self._script, timeout=60)
            if answer.status_code == 200:
                sha256 = hashlib.sha256(answer.content).hexdigest()
                return sha256 if sha256 == answer.headers["X-File-SHA256"] else "unequal"
            if answer.status_code not in {202, 502, 503} or time.monotonic() > deadline:
                return f"{answer.status_code} {answer.text[:200]}"
            time.sleep(0.5)
