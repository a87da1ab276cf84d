"""Threads that write at the same time share a commit, and each learns what became of its own entry."""

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from threading import Event

import pytest
from django.db import DataError, OperationalError

from orders.ledger.group_commit import GroupCommit, TooManyWaiting
from tests.processes import wait_until


class Book:
    """Commits what it is given, unless it is told to fail; its first commit waits until it is let go."""

    def __init__(self) -> None:
        self.commits: list[list[str]] = []
        self.is_busy, self.may_go_on = Event(), Event()
        self.fails_with: dict[str, Exception] = {}

    def commit(self, entries: Sequence[str]) -> None:
        if not self.is_busy.is_set():
            self.is_busy.set()
            self.may_go_on.wait(10)
        for entry in entries:
            if entry in self.fails_with:
                raise self.fails_with[entry]
        self.commits.append(list(entries))


def hits_all(error: Exception) -> bool:
    return isinstance(error, OperationalError)


def are_waiting(turns: GroupCommit[str], count: int) -> bool:
    return turns.waiting == count


def written_together(book: Book, *entries: str) -> list[Future[None]]:
    """All but the first wait while the first is written."""
    turns = GroupCommit(book.commit, hits_all)
    with ThreadPoolExecutor(len(entries)) as pool:
        first = pool.submit(turns.write, entries[0])
        book.is_busy.wait(10)
        others = []
        for number, entry in enumerate(entries[1:], 1):
            others.append(pool.submit(turns.write, entry))
            wait_until(partial(are_waiting, turns, number), pause=0.001)
        book.may_go_on.set()
    return [first, *others]


def test_what_came_while_one_was_written_is_written_together_in_its_order() -> None:
    book = Book()

    outcomes = written_together(book, "a", "b", "c", "d")

    assert [each.exception() for each in outcomes] == [None] * 4
    assert [sorted(each) for each in book.commits] == [["a"], ["b", "c", "d"]]


def test_no_entry_is_written_twice_however_many_come() -> None:
    book = Book()
    entries = [str(number) for number in range(180)]

    outcomes = written_together(book, *entries)

    assert all(each.exception() is None for each in outcomes)
    assert sorted(entry for commit in book.commits for entry in commit) == sorted(entries)
    assert max(map(len, book.commits)) == 50


def test_a_database_that_is_away_is_away_for_all_who_wait() -> None:
    book = Book()
    book.fails_with = {"c": OperationalError("gone")}

    outcomes = written_together(book, "a", "b", "c", "d")

    assert [type(each.exception()) for each in outcomes] == [type(None), *[OperationalError] * 3]
    assert book.commits == [["a"]]


def test_an_entry_that_the_database_refuses_takes_no_other_with_it() -> None:
    book = Book()
    book.fails_with = {"c": DataError("too long")}

    outcomes = dict(zip("abcd", written_together(book, "a", "b", "c", "d"), strict=True))

    assert isinstance(outcomes["c"].exception(), DataError)
    kept = [entry for entry, outcome in outcomes.items() if outcome.exception() is None]
    assert kept == ["a", "b", "d"]
    assert sorted(entry for commit in book.commits for entry in commit) == kept


def test_a_fork_leaves_no_turn_taken_and_nothing_waiting() -> None:
    book = Book()
    turns = GroupCommit(book.commit, hits_all)
    with ThreadPoolExecutor(2) as pool:
        pool.submit(turns.write, "has the turn in the parent")
        book.is_busy.wait(10)
        pool.submit(turns.write, "waits in the parent")
        wait_until(lambda: turns.waiting == 1, pause=0.001)

        turns.start_afresh()
        turns.write("of the child")
        in_the_child = list(book.commits)
        book.may_go_on.set()

    assert in_the_child == [["of the child"]]


def test_alone_an_entry_is_written_at_once() -> None:
    book = Book()
    book.may_go_on.set()

    GroupCommit(book.commit, hits_all).write("a")

    assert book.commits == [["a"]]


def test_alone_a_failure_is_raised() -> None:
    book = Book()
    book.may_go_on.set()
    book.fails_with = {"a": DataError("too long")}

    with pytest.raises(DataError, match="too long"):
        GroupCommit(book.commit, hits_all).write("a")


def test_nobody_stands_in_line_for_longer_than_allowed() -> None:
    book = Book()
    turns = GroupCommit(book.commit, hits_all, max_wait=0.05)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(turns.write, "has the turn")
        book.is_busy.wait(10)

        with pytest.raises(TooManyWaiting):
            turns.write("waits in vain")

        assert turns.waiting == 0
        book.may_go_on.set()
    assert first.exception() is None
    assert book.commits == [["has the turn"]]


def test_after_a_lock_was_waited_for_in_vain_it_is_known_until_somebody_gets_through() -> None:
    book = Book()
    book.may_go_on.set()
    book.fails_with = {"a": OperationalError("locked"), "b": DataError("too long")}
    turns = GroupCommit(book.commit, hits_all)
    known = [turns.is_failing]

    with pytest.raises(OperationalError):
        turns.write("a")
    known.append(turns.is_failing)
    turns.write("c")
    known.append(turns.is_failing)
    with pytest.raises(DataError):
        turns.write("b")

    assert [*known, turns.is_failing] == [False, True, False, False]


def test_what_a_callers_own_transaction_met_counts_too() -> None:
    turns = GroupCommit(Book().commit, hits_all)

    turns.note(OperationalError("locked"))
    known = [turns.is_failing]
    turns.note(None)

    assert [*known, turns.is_failing] == [True, False]
