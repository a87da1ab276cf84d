"""How a file comes to the disk: whole and safe there before it has its name, named before it counts."""

import os
import threading
from pathlib import Path

import pytest

from orders.exports.engine.backoff import BACKGROUND, Backoff
from orders.exports.engine.page_fetcher import Askers, PageFetcher
from orders.exports.models import Export
from tests.exports.results import give, made, request_export, work
from tests.exports.test_reconciler import Result

pytestmark = pytest.mark.django_db


@pytest.fixture
def steps(monkeypatch):
    """What happens to the disk, in order: (what, file, state of the export at that moment)."""
    seen: list[tuple[str, str, str]] = []
    sync, replace = os.fsync, Path.replace

    def noted_sync(handle):
        sync(handle)
        name = Path(os.readlink(f"/proc/self/fd/{handle}"))
        seen.append(("sync", "directory" if name.is_dir() else name.name, Export.objects.get().state))

    def noted_replace(path, target):
        seen.append(("name", Path(target).name, Export.objects.get().state))
        return replace(path, target)

    monkeypatch.setattr("os.fsync", noted_sync)
    monkeypatch.setattr(Path, "replace", noted_replace)
    return seen


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_file_is_synced_then_named_then_its_name_is_synced_and_then_it_counts(
    upstreams, agent, steps, kind
):
    give(upstreams, 10)

    export = made(request_export(agent, format=kind))

    assert export.state == "complete"
    assert steps[-3:] == [
        ("sync", "file.part", "running"),
        ("name", f"file.{kind}", "running"),
        ("sync", "directory", "running"),
    ]
    assert {name for what, name, _ in steps if what == "sync"} >= {"orders.rows", "ids", "losses", "journal"}


def test_a_file_that_can_not_be_synced_never_has_its_name(upstreams, agent, monkeypatch, export_dir):
    give(upstreams, 10)
    sync = os.fsync

    def full(handle):
        if os.readlink(f"/proc/self/fd/{handle}").endswith(".part"):
            raise OSError(28, "No space left on device")
        sync(handle)

    monkeypatch.setattr("os.fsync", full)
    export = request_export(agent)
    work()

    export.refresh_from_db()
    assert (export.state, export.file_path) == ("failed", "")
    assert list(export_dir.rglob("file.csv")) == []


def test_no_page_is_asked_for_that_lies_further_ahead_than_the_window():
    """Whoever writes is slower than whoever asks: what waits in memory is bounded all the same."""
    width, result = 4, Result(20_000, {})
    ahead, settled = [], threading.Event()

    with Askers(Backoff(BACKGROUND, width)) as askers:
        for page in filter(None, PageFetcher(result, askers).pages(0, total=20_000, step=100)):
            settled.wait(0.005)  # long enough for every thread to ask for whatever it may
            ahead.append((max(result.asked) - page.offset) // 100)

    assert len(ahead) == 200
    assert max(ahead) <= 2 * width
