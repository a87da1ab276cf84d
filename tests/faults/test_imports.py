"""The portal's own heavy work, an import of the largest file and a pruning: pages go on beside it."""

import re
import threading
import time
from functools import partial
from typing import Any

import pytest
import requests

from orders.people.account_import import MOST_LINES
from tests.faults.conftest import HISTORY, Portal, Start
from tests.faults.table import Outcome
from tests.faults.visitors import Asked, crowd_for, percentile
from tests.people.account_import.files import HEADING
from tests.processes import output_of_code

IMPORTS = "/account-imports/"
VISITORS = 4


def largest_file() -> str:
    """Each line has an account, a customer and a manager that are not there yet."""
    return HEADING + "".join(f"Branch {n:05},{n},adobe,C{n:05},dana\n" for n in range(MOST_LINES))


class Importer:
    """Somebody who chooses a file, looks at what it would do, and has it done."""

    def __init__(self, portal: Portal) -> None:
        self._portal = portal
        self._browser = requests.Session()
        self._browser.cookies.update(portal.cookies)

    def _hidden(self, page: requests.Response) -> dict[str, str]:
        return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.text))

    def run(self) -> str:
        """The page in the end."""
        address = self._portal.server.url + IMPORTS
        form = self._hidden(self._browser.get(address, timeout=60))
        files = {"file": ("accounts.csv", largest_file())}
        plan = self._browser.post(address, data=form, files=files, timeout=120)
        found = re.search(rf'action="({IMPORTS}\d+/[^"]+)"', plan.text)
        assert found is not None, plan.text[:2000]
        done = self._browser.post(self._portal.server.url + found[1], data=self._hidden(plan), timeout=120)
        return done.text


def beside(portal: Portal, work: Any) -> tuple[list[Asked], float]:
    """Pages of a few visitors while `work` lasts, and how long that was."""
    ended = threading.Event()

    def do() -> None:
        try:
            work()
        finally:
            ended.set()

    working = threading.Thread(target=do)
    begun = time.monotonic()
    working.start()

    def visit(_: int) -> Asked:
        time.sleep(0.15)
        return portal.see(HISTORY)

    pages: list[Asked] = []
    while not ended.is_set():
        pages += crowd_for(0.5, VISITORS, visit)
    working.join()
    return pages, time.monotonic() - begun


@pytest.mark.slow
@pytest.mark.parametrize("database", ["sqlite_url", "postgresql_url"])
def test_nineteen_of_twenty_pages_beside_the_largest_import_take_half_a_second_at_most(
    start: Start, request: Any, tell: Any, database: str
) -> None:
    with start(request.getfixturevalue(database)) as portal:
        alone, _ = beside(portal, partial(time.sleep, 5.0))
        said: list[str] = []
        pages, seconds = beside(portal, lambda: said.append(Importer(portal).run()))
    name = f"{MOST_LINES:,} lines imported ({database.partition('_')[0]}, {seconds:.0f} s)"
    tell(Outcome.of(name, pages), portal)

    assert f"{MOST_LINES} new" in said[0]
    assert {page.status for page in pages} == {200}
    # On a machine whose neighbours make a page slow by themselves, against that.
    assert percentile(pages, 0.95) < max(0.5, 2 * percentile(alone, 0.95))


_OLD_ENTRIES = """
from django.db import transaction
from orders.ledger import Action
from orders.ledger.recording import entry, record_all
with transaction.atomic():
    record_all([entry(Action.LOOK_UP, username="dana") for _ in range({count})], actor=None)
"""

_PRUNE = """
from django.utils import timezone
from orders.ledger.pruning import prune
print(prune(timezone.now()))
"""


@pytest.mark.slow
@pytest.mark.parametrize("database", ["sqlite_url", "postgresql_url"])
def test_nineteen_of_twenty_pages_beside_a_pruning_take_half_a_second_at_most(
    start: Start, request: Any, tell: Any, database: str
) -> None:
    with start(request.getfixturevalue(database)) as portal:
        output_of_code(_OLD_ENTRIES.format(count=20_000), portal.environment)
        alone, _ = beside(portal, partial(time.sleep, 5.0))
        said: list[str] = []
        pages, _ = beside(portal, lambda: said.append(output_of_code(_PRUNE, portal.environment)))
    name = f"20,000 entries pruned ({database.partition('_')[0]})"
    tell(Outcome.of(name, pages))

    assert int(said[0]) > 20_000
    assert {page.status for page in pages} == {200}
    assert percentile(pages, 0.95) < max(0.5, 2 * percentile(alone, 0.95))
