"""A customer's running term against a table of 25 cases; all days as Adobe writes them."""

from datetime import date

import pytest

from orders.domain.term_dates import Doubt, running_term, year_before

TODAY = "2026-11-27"


def term(account="", renewals=(), **more):
    today = more.pop("today", TODAY)
    found = running_term(
        account_date=day(account),
        renewals=None if renewals is None else [date.fromisoformat(each) for each in renewals],
        today=date.fromisoformat(today),
        opened=day(more.pop("opened", "")),
        first_order=day(more.pop("first", "")),
        **more,
    )
    words = " ".join(each.name.lower() for each in found.doubts)
    return str(found.first_day or ""), str(found.last_day or ""), words


def day(text):
    return date.fromisoformat(text) if text else None


NONE = ("", "")
RENEWED, LONGER, UNDATED = "renewed_early", "extended", "extended start_unknown"
MOVED = "account_date_alone before_account"


@pytest.mark.parametrize(
    ("given", "found"),
    [
        # ordinary
        (term("2027-03-12", ["2027-03-12"]), ("2026-03-12", "2027-03-11", "")),
        (term("2027-03-12", []), ("2026-03-12", "2027-03-11", "")),
        (term("2026-11-28", ["2026-11-28"]), ("2025-11-28", "2026-11-27", "")),
        (term("2027-11-27", ["2027-11-27"]), ("2026-11-27", "2027-11-26", "")),
        (term("", ["2027-03-12"]), ("2026-03-12", "2027-03-11", "")),
        # leap days
        (term("2028-02-29", ["2028-02-29"], today="2027-06-01"), ("2027-02-28", "2028-02-28", "")),
        (term("2028-03-01", ["2028-03-01"], today="2027-06-01"), ("2027-03-01", "2028-02-29", "")),
        # the dates of the account and of the subscriptions
        (term("2027-03-12", None), ("2026-03-12", "2027-03-11", "account_date_alone")),
        (term("2027-03-12", ["2027-05-01"]), ("2026-05-01", "2027-04-30", "dates_differ")),
        (term("2026-03-12", ["2027-03-12"]), ("2026-03-12", "2027-03-11", "dates_differ")),
        (term("2027-03-12", ["2027-03-12", "2027-03-12", "2027-02-01"]), ("2026-03-12", "2027-03-11", "")),
        (term("2027-03-12", ["2027-04-01", "2027-03-12"]), ("2026-03-12", "2027-03-11", "")),
        # renewed early: the account's date has moved on, the subscriptions' has not
        (term("2027-12-15", ["2026-12-15"] * 2), ("2025-12-15", "2026-12-14", RENEWED)),
        (term("2027-12-15", None), ("2025-12-15", "2026-12-14", "account_date_alone renewed_early")),
        (term("2029-02-28", ["2028-02-29"], today="2028-02-10"), ("2027-02-28", "2028-02-28", RENEWED)),
        # a first term of more than a year
        (term("2029-02-27", ["2029-02-27"], first="2026-02-27"), ("2026-02-27", "2029-02-26", LONGER)),
        (term("2029-02-27", ["2029-02-27"]), ("", "2029-02-26", UNDATED)),
        (term("2027-12-20", ["2027-12-20"], first="2026-11-20"), ("2026-11-20", "2027-12-19", LONGER)),
        (term("2029-02-27", ["2029-02-27"], first="2026-12-01"), ("", "2029-02-26", UNDATED)),
        # moved here from VIP, with the anniversary it had
        (term("2027-02-25", None, opened="2026-09-28"), ("2026-02-25", "2027-02-24", MOVED)),
        # nothing is running
        (term("", []), (*NONE, "no_order_yet")),
        (term("2026-10-13", []), (*NONE, "ended")),
        (term("2026-11-27", ["2026-11-27"]), (*NONE, "renews_today")),
        (term("2023-11-07", [], has_one_off_items=True), (*NONE, "ended one_off_items")),
        (term("2026-10-13", ["2026-10-13"]), (*NONE, "ended")),
    ],
)  # fmt: skip
def test_the_term_is_dated_and_its_doubts_are_named(given, found):
    assert given == found


def test_the_days_beside_the_term_are_told():
    early = running_term(
        account_date=date(2027, 12, 15), renewals=[date(2026, 12, 15)], today=date(2026, 11, 27)
    )
    lapsed = running_term(account_date=date(2026, 10, 13), renewals=[], today=date(2026, 11, 27))

    assert (early.renews_on, early.bought_to) == (date(2026, 12, 15), date(2027, 12, 14))
    assert (lapsed.renews_on, lapsed.ended_on) == (None, date(2026, 10, 12))
    assert Doubt.ENDED in lapsed.doubts


def test_a_year_before_a_leap_day_is_the_28th():
    assert year_before(date(2028, 2, 29)) == date(2027, 2, 28)
