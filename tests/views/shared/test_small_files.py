"""The portal's own lists as files: nothing stays open of one that is not sent."""

from collections.abc import Iterator
from tempfile import SpooledTemporaryFile
from typing import Any

import pytest

from orders.views.shared import small_files
from orders.views.shared.small_files import SmallFile
from tests.ledger.test_recording import break_ledger
from tests.personas import person, signed_in

pytestmark = pytest.mark.django_db

ROLES = ("supervisor", "administrator")


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What waits until it is sent, as it is opened."""
    found: list[Any] = []
    spool = SpooledTemporaryFile

    def remember(**given: Any) -> Any:
        found.append(spool(**given))
        return found[-1]

    monkeypatch.setattr(small_files, "SpooledTemporaryFile", remember)
    return found


@pytest.mark.parametrize("of", ["ledger", "attention", "lookups"])
def test_a_list_that_can_t_be_written_down_is_not_sent_and_nothing_stays_open(of: str, opened: Any) -> None:
    browser = signed_in(person("mara", *ROLES))
    address = f"/{of}/"
    if of == "lookups":
        address = browser.post("/lookup/", {"q": "5883578824\n4040404040", "source": ""}).headers["Location"]
    break_ledger()

    assert browser.get(f"{address}export/").status_code == 503
    assert [file.closed for file in opened] == [True]


def test_nothing_stays_open_where_a_row_fails(opened: Any) -> None:
    def rows() -> Iterator[tuple[str]]:
        yield ("first",)
        raise LookupError

    with pytest.raises(LookupError):
        SmallFile("list", ("name",), rows())

    assert [file.closed for file in opened] == [True]


def test_the_answer_closes_what_is_sent(opened: Any) -> None:
    with SmallFile("list", ("name",), [("first",)]) as file:
        answer = file.answer()

    assert not opened[0].closed
    assert answer.getvalue() == b"name\r\nfirst\r\n"
    answer.close()
    assert opened[0].closed
