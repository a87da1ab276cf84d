"""Each part of a cluster is killed, hung and brought back under mixed load: nothing promised is lost."""

import json
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from tests.cluster.cluster import Cluster, missing, running
from tests.cluster.load import Load
from tests.faults.table import Outcome
from tests.faults.visitors import ask
from tests.processes import free_port, wait_until

PERSON = """
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.test import Client
person = User.objects.create_user("thea")
person.groups.add(Group.objects.get(name="supervisor"))
browser = Client()
browser.force_login(person)
print(browser.cookies["session"].value)
call_command("make_token", "thea", "--scope=read", "--scope=lookup", "--scope=export", "--days=1")
"""
LEDGER = """
import json
from collections import Counter
from orders.ledger import LedgerEntry
print(json.dumps(Counter(LedgerEntry.objects.values_list("action", flat=True))))
"""
NO_LIMITS = dict.fromkeys(
    ("LIMIT_CUSTOMERS_PER_HOUR", "LIMIT_LOOKUPS_PER_HOUR", "LIMIT_EXPORTS_PER_DAY"), "0"
)
# Seconds for which a part is away, or hangs.
AWAY = 2.0
HARMED = ("web-1", "web-2", "worker-1", "worker-2", "redis", "postgresql", "nginx")


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    if packages := missing():
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"apt-get install {' '.join(packages)}")
    settings = {"LIMIT_EXPORTS_QUEUED": "0", "EXPORT_LEASE": "5", "CACHE_FRESH": "0", **NO_LIMITS}
    with running(free_port(), **settings) as found:
        yield found


def harm(load: Load, what: str, do: Callable[[], None], undo: Callable[[], None]) -> Outcome:
    """One fault, and what those saw who asked meanwhile."""
    begun = time.monotonic()
    do()
    time.sleep(AWAY)
    undo()
    ended = time.monotonic()

    def is_whole() -> bool:
        return ask(f"{load.url}/", {"session": load.session}).status == 200

    wait_until(is_whole, seconds=30)
    recovered = time.monotonic() - ended
    time.sleep(0.5)
    pages = load.since(begun)
    return Outcome.of(what, pages, recovered)


def restarted_one_by_one(cluster: Cluster) -> None:
    for name in ("web-1", "web-2", "worker-1", "worker-2"):
        cluster.parts[name].stop()
        cluster.parts[name].start()


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_nothing_promised_is_lost_whichever_part_is_harmed(cluster: Cluster, tell: Callable[[Outcome], None]):
    session, token = cluster.run(PERSON).splitlines()[-2:]
    outcomes = {}
    with Load(cluster.url, session, token) as load:
        wait_until(lambda: load.files)
        for name in HARMED:
            part = cluster.parts[name]
            for what, do, undo in (
                (f"{name} killed", part.kill, part.start),
                (f"{name} hung", part.hang, part.wake),
            ):
                outcomes[what] = harm(load, what, do, undo)
                tell(outcomes[what])
        outcomes["rolling restart"] = harm(
            load, "rolling restart", lambda: restarted_one_by_one(cluster), lambda: None
        )
        tell(outcomes["rolling restart"])
    files = load.fetched(120)
    written = json.loads(cluster.run(LEDGER))
    looks = sum(each.status == 200 for each in load.asked if "/customers/" in each.address)
    wrong = len(files) - max(Counter(files).values())
    missing = max(0, looks - written["view-list"]) + abs(len(files) - written["export-end"])
    whole = Outcome.of("cluster, all of it", load.asked)
    tell(replace(whole, files=len(files), wrong=wrong, rows=looks + len(files), missing=missing))

    # Nobody can answer for nginx while it is away.
    assert {what for what, each in outcomes.items() if each.failed} <= {"nginx killed"}
    assert len(files) > 5, files
    cluster.run("from django.core.management import call_command; call_command('verify_ledger')")
