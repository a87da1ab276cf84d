"""Collecting a result that moves: never an order twice, never one silently missing."""

import threading
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orders.exports.engine.backoff import BACKGROUND, Backoff
from orders.exports.engine.formats import Csv
from orders.exports.engine.page_fetcher import Askers, PageFetcher
from orders.exports.engine.pages import Page, SheetPart
from orders.exports.engine.reconciler import Findings, Reconciler
from orders.exports.engine.spool import Spool, copy_of

HEADS = {"orders": b"orderId,number\r\n"}


class Result:
    """An upstream's result; before its n-th page is read, `events` may change it. Keeps all it has been."""

    def __init__(self, count: int, events: dict[int, tuple[str, int]], *, cap: int = 100) -> None:
        self.ids = [f"order-{number}" for number in range(count)]
        self.states = [list(self.ids)]
        self.asked: list[int] = []
        self._events = dict(events)
        self._cap = cap
        self._lock = threading.Lock()

    def __call__(self, offset: int) -> Page:
        with self._lock:
            self._happen(len(self.asked))
            self.asked.append(offset)
            ids = self.ids[offset : offset + self._cap]
            return Page(
                offset=offset,
                received=len(ids),
                total=len(self.ids),
                step=100,
                has_next=offset + len(ids) < len(self.ids),
                ids=tuple(ids),
                parts=(SheetPart([list(ids), ["1"] * len(ids)], [1] * len(ids)),),
            )

    def _happen(self, number: int) -> None:
        kind, where = self._events.pop(number, ("", 0))
        if kind == "insert":
            self.ids.insert(where % (len(self.ids) + 1), f"late-{number}")
        elif kind == "delete" and self.ids:
            del self.ids[where % len(self.ids)]
        if kind:
            self.states.append(list(self.ids))


def reconciled(fetcher: PageFetcher, spool: Spool) -> Findings:
    reconciler = Reconciler(fetcher, spool, label="Adobe")
    for _ in reconciler.run():
        pass
    return reconciler.findings


def collected(result: Result, directory: Any, *, width: int, pages: int = 0) -> tuple[Findings, list[str]]:
    with (
        Spool(directory, HEADS, Csv().encode, pages=pages) as spool,
        Askers(Backoff(BACKGROUND, width)) as askers,
    ):
        findings = reconciled(PageFetcher(result, askers), spool)
        spool.sync()
    head, *lines = (directory / "orders.rows").read_text().splitlines()
    assert head == "orderId,number"
    return findings, [line.removesuffix(",1") for line in lines]


def changes(*kinds: str) -> st.SearchStrategy[dict[int, tuple[str, int]]]:
    return st.dictionaries(
        st.integers(0, 25), st.tuples(st.sampled_from(kinds), st.integers(0, 2000)), max_size=6
    )


SHAPES = (st.integers(0, 1500), st.sampled_from([1, 4]), st.sampled_from([100, 70]))
THOROUGHLY = settings(
    deadline=None,
    max_examples=150,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@THOROUGHLY
@given(st.one_of(changes("insert"), changes("delete")), *SHAPES)
def test_a_complete_file_is_the_result_as_it_was_at_one_moment(tmp_path_factory, events, count, width, cap):
    result = Result(count, events, cap=cap)

    findings, found = collected(result, tmp_path_factory.mktemp("spool"), width=width)

    assert len(set(found)) == len(found)
    if not findings.missing:
        assert found in result.states


@THOROUGHLY
@given(changes("insert", "delete"), *SHAPES)
def test_a_complete_file_has_as_many_orders_as_the_upstream_counts(
    tmp_path_factory, events, count, width, cap
):
    """Opposite changes between two of our looks leave no trace but this one."""
    result = Result(count, events, cap=cap)

    findings, found = collected(result, tmp_path_factory.mktemp("spool"), width=width)

    assert len(set(found)) == len(found)
    if not findings.missing:
        assert len(found) in {len(state) for state in result.states}


@pytest.mark.parametrize("width", [1, 4])
def test_a_result_that_stands_still_is_asked_for_once(tmp_path, width):
    result = Result(1234, {})

    findings, found = collected(result, tmp_path, width=width)

    assert (findings.missing, found) == ((), result.ids)
    assert sorted(result.asked) == list(range(0, 1234, 100))


def test_pages_shorter_than_asked_for_are_followed_up(tmp_path):
    result = Result(350, {}, cap=70)

    findings, found = collected(result, tmp_path, width=4)

    assert (findings.missing, found) == ((), result.ids)


def test_what_was_collected_before_is_not_asked_for_again(tmp_path):
    result = Result(900, {})
    collected(result, tmp_path, width=1)
    before = len(result.asked)

    findings, found = collected(result, tmp_path, width=1, pages=4)

    assert (findings.missing, found) == ((), result.ids)
    assert result.asked[before:] == [400, 500, 600, 700, 800]


@pytest.mark.parametrize("name", ["orders.rows", "ids", "journal"])
def test_a_spool_that_lost_something_begins_anew(tmp_path, name):
    result = Result(500, {})
    collected(result, tmp_path, width=1)
    file = tmp_path / name
    file.write_bytes(file.read_bytes()[:50])

    findings, found = collected(result, tmp_path, width=1, pages=5)

    assert (findings.missing, found) == ((), result.ids)


def test_what_stands_behind_the_cursor_is_cut_off(tmp_path):
    result = Result(500, {})
    collected(result, tmp_path, width=1)
    for name in ("orders.rows", "ids"):
        with (tmp_path / name).open("ab") as file:
            file.write(b"half a ro")

    findings, found = collected(result, tmp_path, width=1, pages=5)

    assert (findings.missing, found) == ((), result.ids)


def test_a_copy_is_not_touched_by_who_still_writes_to_the_original(tmp_path):
    result = Result(300, {})
    collected(result, tmp_path / "1", width=1)
    copy_of(tmp_path / "1", tmp_path / "2")
    (tmp_path / "1" / "orders.rows").write_bytes(b"rubbish")

    findings, found = collected(result, tmp_path / "2", width=1, pages=3)

    assert (findings.missing, found) == ((), result.ids)


def test_ids_of_any_text_are_told_apart(tmp_path):
    result = Result(0, {})
    result.ids = ["a", "b\n", "a\nb", "ü", "\u2028", "", "", "b"]

    with (
        Spool(tmp_path, HEADS, Csv().encode) as spool,
        Askers(Backoff(BACKGROUND, 1)) as askers,
    ):
        findings = reconciled(PageFetcher(result, askers), spool)
        assert spool.last.orders == 8
        assert len(spool.recent_ids(1)[0]) == 6

    assert findings.missing == ()
