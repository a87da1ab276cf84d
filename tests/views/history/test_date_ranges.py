"""The honest window: which range was searched, how a date was read, and which blank is which."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
import time_machine

from orders.exports import ExportSpec
from orders.sandbox import customers
from tests.pages import query_of

pytestmark = pytest.mark.django_db

LARGE = f"/adobe/customers/{customers.ADOBE_LARGE}/orders/"
OLD_TERM = f"/adobe/customers/{customers.ADOBE_OLD_TERM}/orders/"
EMPTY = f"/adobe/customers/{customers.ADOBE_EMPTY}/orders/"


def dates_sent(upstreams):
    return {name: value for name, value in upstreams.requests[-1].query if name.endswith("-date")}


def test_adobes_default_is_said_out_loud_and_show_all_shows_all(see, upstreams):
    page = see(LARGE)

    assert "Current term – now" in page.notices["window"]
    assert "Earlier terms are not shown" in page.notices["window"]
    assert int(page.window[0]) < 312
    whole = see(LARGE + page.root.all("a", data_show_all=True)[0]["href"])
    assert whole.window[0] == "312"
    assert "Whole history – now" in whole.notices["window"]
    assert dates_sent(upstreams) == {"start-date": "2000-01-01"}


def test_show_all_keeps_the_other_filters(see):
    page = see(f"{LARGE}?status=1000&status=1004&limit=50&offset=50&end-date=2030-01-01", status=200)

    assert query_of(page.root.all("a", data_show_all=True)[0]["href"]) == [
        ("status", "1000"),
        ("status", "1004"),
        ("limit", "50"),
        ("start-date", "2000-01-01"),
    ]


def test_whole_days_are_sent_as_instants_and_the_page_shows_them(see, upstreams):
    page = see(f"{LARGE}?start-date=2026-01-05&end-date=2026-02-06&whole-days=1")

    assert dates_sent(upstreams) == {
        "start-date": "2026-01-05T00:00:00Z",
        "end-date": "2026-02-06T23:59:59Z",
    }
    assert "5 Jan 2026 – 6 Feb 2026" in page.notices["window"]
    assert "2026-01-05T00:00:00Z to 2026-02-06T23:59:59Z" in page.notices["window"]
    assert ("whole-days", "1") in page.filters


def test_bare_dates_are_sent_as_they_are_and_the_page_says_what_that_means(see, upstreams):
    page = see(f"{LARGE}?start-date=2026-01-05&end-date=2026-02-06")

    assert dates_sent(upstreams) == {"start-date": "2026-01-05", "end-date": "2026-02-06"}
    assert "midnight UTC" in page.notices["window"]
    assert "that day itself is not included" in page.notices["window"]
    assert ("whole-days", "1") not in page.filters


def test_the_end_day_is_included_only_as_a_whole_day(see, upstreams):
    day = (datetime.now(UTC) - timedelta(days=1)).date().isoformat()
    created = f"{day}T12:00:00Z"
    upstreams.add_adobe_orders("4400000001", [{"orderId": "1", "creationDate": created}])
    address = f"/adobe/customers/4400000001/orders/?start-date={day}&end-date={day}"

    assert see(address).order_ids == []
    assert see(f"{address}&whole-days=1").order_ids == ["1"]


def test_instants_keep_their_meaning_whatever_whole_days_says(see, upstreams):
    query = "start-date=2026-01-05T10:20:30Z&end-date=2026-02-06T01:02:03Z"

    for page in (see(f"{LARGE}?{query}"), see(f"{LARGE}?{query}&whole-days=1")):
        assert dates_sent(upstreams) == {
            "start-date": "2026-01-05T10:20:30Z",
            "end-date": "2026-02-06T01:02:03Z",
        }
        assert "5 Jan 2026 10:20:30 – 6 Feb 2026 01:02:03" in page.notices["window"]


def test_a_range_that_the_upstream_says_it_searched_is_believed_even_double_encoded(see, upstreams):
    upstreams.script("adobe", ["bad-links"])

    page = see(f"{LARGE}?start-date=2026-01-05T03:43:07Z&end-date=2026-02-06T01:02:03Z")

    assert "5 Jan 2026 03:43:07 – 6 Feb 2026 01:02:03" in page.notices["window"]


def test_presets_move_with_today(see, upstreams):
    page = see(f"{LARGE}?status=1000&start-date=2026-01-01")
    presets = {link.text: query_of(link["href"]) for link in page.root.one(class_="presets").all("a")}

    assert list(presets) == [
        "Today",
        "7 days",
        "30 days",
        "90 days",
        "This month",
        "Last month",
        "This term",
        "All",
    ]
    assert presets["7 days"] == [("status", "1000"), ("period", "last-7-days")]
    assert presets["This term"] == [("status", "1000")]


@time_machine.travel("2026-03-05T15:00:00Z", tick=False)
@pytest.mark.parametrize(
    ("period", "sent"),
    [
        ("today", {"start-date": "2026-03-05T00:00:00Z"}),
        ("last-30-days", {"start-date": "2026-02-04T00:00:00Z"}),
        ("this-month", {"start-date": "2026-03-01T00:00:00Z"}),
        ("last-month", {"start-date": "2026-02-01T00:00:00Z", "end-date": "2026-02-28T23:59:59Z"}),
        ("this-year", {"start-date": "2026-01-01T00:00:00Z"}),
        ("this-term", {}),
    ],
)
def test_a_period_is_sent_as_the_days_it_has_today(see, upstreams, period, sent):
    see(f"{LARGE}?period={period}")

    assert dates_sent(upstreams) == sent


def test_a_period_and_dates_together_are_refused_at_the_field(see, upstreams):
    page = see(f"{LARGE}?period=today&start-date=2026-01-01", status=400)

    assert "Choose a period or dates, not both." in page.text
    assert upstreams.requests == []
    assert see(f"{LARGE}?period=last-week", status=400)


def test_a_file_of_a_period_keeps_the_days_that_it_was_asked_for(db):
    with time_machine.travel("2026-03-05T15:00:00Z", tick=False):
        spec = ExportSpec.checked(source="adobe", customer_id="1", query="status=1000&period=last-month")
    fabric = ExportSpec.checked(
        source="fabric", customer_id="1", query="period=next-7-days", made_at=spec.made_at
    )

    assert spec.filters == "status=1000&start-date=2026-02-01&end-date=2026-02-28&whole-days=1"
    query = msgspec.structs.asdict(spec.query)
    assert (query["created_from"], query["created_to"]) == (
        "2026-02-01T00:00:00Z",
        "2026-02-28T23:59:59Z",
    )
    assert fabric.filters == "scheduled-from=2026-03-05&scheduled-to=2026-03-11"


def test_a_customer_without_orders_in_this_term_is_not_a_customer_without_orders(see):
    page = see(OLD_TERM)

    assert page.window[0] == "0"
    assert "None in this window" in page.result.text
    assert "earlier terms" in page.result.text
    show_all = page.result.all("a")[0]
    assert show_all.text == "Show all terms"
    assert see(OLD_TERM + show_all["href"]).window[0] == "9"


def test_no_match_is_told_apart_from_nothing_there(see):
    nothing = see(EMPTY).result.text
    no_match = see(f"{LARGE}?reference-order-id=1").result.text

    assert "None in this window" in nothing
    assert "No match in this window" in no_match
    assert "Showing 0 of 0" in nothing
    assert "Showing 0 of 0" in no_match


def test_clearing_the_filters_of_an_empty_result_leads_to_the_plain_list(see):
    page = see(f"{LARGE}?reference-order-id=1")

    cleared = [link["href"] for link in page.result.all("a") if link.text == "Clear all filters"]

    assert cleared == [LARGE]
