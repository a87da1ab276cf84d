"""The ledger in a real database, both kinds: what the database refuses, and what verification finds."""

from concurrent.futures import ThreadPoolExecutor

from tests.ledger.conftest import Play

NO_ONE = "was changed, or not written by this portal."


def test_the_database_refuses_to_change_the_ledger(play: Play) -> None:
    outcomes = play("statements")

    allowed = outcomes.pop("DELETE FROM orders_ledgerentry WHERE id = 1")
    assert allowed == "done"  # a checkpoint covers it
    assert set(outcomes.values()) == {"refused"}, outcomes


def test_every_tampering_is_found(play: Play) -> None:
    assert play("tampering") == {
        "nothing": [],
        "one row changed": [f"Entry 3 does not match its seal: it {NO_ONE}"],
        "one row deleted": ["Entry 3 is missing."],
        "the end cut off": ["Entries 4 to 5 are missing."],
        "the end cut off, and the head put back": ["The record of the last entry does not match its seal."],
        "all deleted": ["Entries 1 to 5 are missing."],
        "a row forged at the end": [
            f"Entry 6 does not match its seal: it {NO_ONE}",
            "The record of the last entry does not match its seal.",
        ],
        "a row replaced, with the links mended": [
            f"Entry 3 does not match its seal: it {NO_ONE}",
            f"Entry 4 does not match its seal: it {NO_ONE}",
        ],
        "a row's time changed": [f"Entry 2 does not match its seal: it {NO_ONE}"],
        "a forged checkpoint over a deleted beginning": [
            "The checkpoint at entry 3 was not written by this portal."
        ],
        "the head deleted": ["The record of the last entry is missing."],
        "all deleted, the head too": ["The record of the last entry is missing."],
        "all deleted, and a new head made": ["The record of the last entry does not match its seal."],
        "all deleted, and the head set back": ["The record of the last entry does not match its seal."],
        "all deleted, and written on": [
            "Before entry 1, everything was deleted, with the record of the last entry."
        ],
        "the end cut off, the head put back, and written on": [
            "Before entry 4, the record of the last entry does not match its seal."
        ],
        "the end linked anew": [
            f"Entry 3 does not match its seal: it {NO_ONE}",
            f"Entry 4 does not match its seal: it {NO_ONE}",
            "The record of the last entry does not match its seal.",
        ],
    }


def test_guards_are_known_by_their_text(play: Play) -> None:
    found = play("guards")

    changed = ["The trigger ledger_no_update, which guards the ledger, is not the one that we made."]
    assert found.pop("as they were") == []
    assert found.pop("removed") == ["The trigger ledger_no_update, which guards the ledger, is missing."]
    assert found.pop("one more") == ["a_new_one stands at the ledger's tables, and we did not make it."]
    if "a rule" in found:
        assert found.pop("a rule") == ["unseen stands at the ledger's tables, and we did not make it."]
        # Six triggers run the function that was emptied.
        assert "ledger_no_update" in " ".join(found["emptied"])
        assert len(found.pop("emptied")) == 7
    assert all(problems == changed for problems in found.values()), found


def test_a_new_ledger_verifies_before_its_first_entry_and_after(play: Play) -> None:
    assert play("empty") == [
        {"problems": [], "checked": 0, "number": 0},
        {"problems": [], "checked": 2, "number": 2},
    ]


def test_threads_of_two_processes_make_one_chain(play: Play) -> None:
    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(play, ["grow", "grow"])) == ["grown", "grown"]

    assert play("checked") == {"problems": [], "checked": 400, "number": 400}


def test_a_ledger_that_grows_meanwhile_verifies(play: Play) -> None:
    assert play("verified_while_it_grows") == []


def test_pruning_keeps_the_rest_verifiable(play: Play) -> None:
    assert play("pruning") == {
        "pruned": 4,
        "after": [[5, 6, 7, 8], {"problems": [], "checked": 4, "number": 8}],
        "grown": {"problems": [], "checked": 5, "number": 9},
        "pruned again": 5,
        "after that": [["prune"], {"problems": [], "checked": 1, "number": 10}],
        "of a tampered part": [f"Entry 12 does not match its seal: it {NO_ONE}"],
    }
