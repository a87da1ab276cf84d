"""Filtering and paging an order history."""

import re

from playwright.sync_api import Page, expect

from orders.sandbox import customers
from tests.browser.portal import adobe, fabric


def show_orders(page: Page) -> None:
    page.get_by_role("button", name="Show orders").last.click(force=True)


def unfold(page: Page) -> None:
    """Opens every group of the filter bar, so that a test needn't know which one a field is in."""
    page.locator(".filters").evaluate(
        "(bar) => bar.querySelectorAll('details.menu').forEach((group) => { group.open = true; })"
    )


def fold(page: Page) -> None:
    """Closes them, so that what lies below can be clicked."""
    page.locator(".filters").evaluate(
        "(bar) => bar.querySelectorAll('details.menu').forEach((group) => { group.open = false; })"
    )


def choice(page: Page, word: str):
    """The tick box of a status or type."""
    unfold(page)
    return page.locator(".filters").get_by_role("checkbox", name=re.compile(rf"^{word}\b"))


def box(page: Page, label: str):
    unfold(page)
    return page.locator(".filters").get_by_label(label)


def rows(page: Page):
    return page.locator("tbody tr[data-order-id]")


def chips(page: Page):
    return page.locator(".chip")


def last_query(upstreams) -> dict[str, str]:
    """Of the last list of orders; the panels beside it ask for other things."""
    return [dict(entry.query) for entry in upstreams.requests if entry.path.endswith("/orders")][-1]


def test_status_type_and_whole_days_are_filtered_by_the_upstream(page, upstreams):
    page.goto(adobe())
    day = rows(page).nth(2).locator("td.when time").get_attribute("title")[: len("2026-01-31")]
    choice(page, "Completed").check()
    choice(page, "New").check()
    box(page, "Created from").fill(day)
    box(page, "Created to").fill(day)
    show_orders(page)

    expect(chips(page)).to_have_count(4)
    assert last_query(upstreams) == {
        "status": "1000",
        "order-type": "NEW",
        "start-date": f"{day}T00:00:00Z",
        "end-date": f"{day}T23:59:59Z",
        "limit": "25",
        "offset": "0",
    }
    shown = rows(page).locator("td.when time").all()
    assert all((time.get_attribute("title") or "").startswith(day) for time in shown)
    expect(page.locator("[data-notice=window]")).to_contain_text(f"{day}T00:00:00Z to {day}T23:59:59Z")
    expect(box(page, "Created from")).to_have_value(day)
    expect(choice(page, "Completed")).to_be_checked()


def test_a_chip_takes_its_own_filter_away(page):
    page.goto(adobe(query="?status=1000&order-type=NEW&order-type=RENEWAL&offset=25"))
    page.get_by_role("link", name="Remove the filter Order type: New").click()

    expect(chips(page)).to_have_count(2)
    expect(page).to_have_url(re.compile(r"\?status=1000&order-type=RENEWAL$"))


def test_clear_all_takes_every_filter_away(page):
    page.goto(adobe(query="?status=1000&order-type=NEW"))
    page.get_by_role("main").get_by_role("link", name="Clear all", exact=True).last.click()

    expect(chips(page)).to_have_count(0)
    expect(page).to_have_url(re.compile(re.escape(adobe()) + r"\??$"))


def test_next_and_previous_page_keep_the_filters(page):
    page.goto(adobe(query="?start-date=2000-01-01&status=1000"))
    first = rows(page).first.get_attribute("data-order-id")

    page.get_by_role("link", name="Next").click()
    expect(page.locator(".pager")).to_contain_text("Showing 26–50 of")
    assert rows(page).first.get_attribute("data-order-id") != first
    expect(chips(page)).to_have_count(2)

    page.get_by_role("link", name="Previous").click()
    expect(page.locator(".pager")).to_contain_text("Showing 1–25 of")
    assert rows(page).first.get_attribute("data-order-id") == first


def test_the_page_size_is_chosen_and_kept(page):
    page.goto(adobe(query="?start-date=2000-01-01"))
    page.locator(".sizes").get_by_role("link", name="50", exact=True).click()
    expect(rows(page)).to_have_count(50)

    choice(page, "New").check()
    show_orders(page)

    expect(page.locator("[data-limit='50']")).to_be_visible()
    expect(page).to_have_url(re.compile(r"limit=50"))


def test_an_order_is_opened_and_left_for_the_same_filtered_list(page):
    page.goto(adobe(query="?start-date=2000-01-01&status=1000&offset=25"))
    listed = page.url
    link = rows(page).nth(3).get_by_role("link").first
    order_id = link.inner_text()
    link.click()

    expect(page.get_by_role("heading", level=1)).to_contain_text(f"Order {order_id}")
    expect(page.get_by_role("table", name="Line items of order")).to_be_visible()
    expect(page).to_have_title(re.compile(f"Order {order_id}"))

    page.get_by_role("link", name=f"Adobe orders of {customers.ADOBE_LARGE}").click()

    expect(page).to_have_url(f"{listed}#order-{order_id}")
    expect(page.locator(f"tr[data-order-id='{order_id}']")).to_be_visible()


def test_the_raw_json_unfolds(page):
    page.goto(adobe())
    rows(page).first.get_by_role("link").first.click()
    raw = page.locator("#raw-json")
    expect(raw).to_be_hidden()

    page.locator("summary", has_text="For support").click()
    expect(raw).to_be_hidden()
    page.locator("summary", has_text="Raw JSON").click()

    expect(raw).to_be_visible()
    expect(raw).to_contain_text('"orderId"')


def test_a_bad_date_is_said_at_its_field_and_nothing_is_asked(page, upstreams):
    page.goto(adobe(query="?start-date=tomorrow&status=1000"))

    field = box(page, "Created from")
    expect(field).to_have_value("tomorrow")
    expect(field).to_have_attribute("aria-invalid", "true")
    error = page.locator(f"[id='{field.get_attribute('aria-describedby')}']")
    expect(error).to_contain_text("Write a date as 2026-01-31")
    expect(choice(page, "Completed")).to_be_checked()
    assert [entry for entry in upstreams.requests if entry.path.endswith("/orders")] == []

    field.fill("2000-01-01")
    show_orders(page)

    expect(rows(page)).to_have_count(25)


def test_rows_that_cannot_be_read_are_counted_and_named(page):
    page.goto(adobe(customers.ADOBE_ODD, "?start-date=2000-01-01"))
    notice = page.locator("[data-notice=unreadable-rows]")
    expect(notice).to_contain_text(re.compile(r"\d+ rows? could not be read"))

    notice.locator("summary").click()

    expect(notice).to_contain_text("items[")
    expect(rows(page).first).to_be_visible()


def test_an_empty_window_offers_the_whole_history(page):
    page.goto(adobe(customers.ADOBE_OLD_TERM))
    expect(page.get_by_text("None in this window")).to_be_visible()

    page.get_by_role("link", name="Show all terms").click()

    expect(rows(page)).to_have_count(9)


def test_fabric_orders_are_picked_by_what_needs_attention(page):
    page.goto(fabric())
    page.locator(".strip").get_by_role("link", name="Will retry").click()

    expect(chips(page)).to_have_text([re.compile("Attention: Will retry")])
    states = rows(page).locator("td.state").filter(has_text="Will retry")
    assert states.count() == rows(page).count() > 0


def test_fabric_orders_are_sorted_by_a_heading(page):
    page.goto(fabric(query="?status=SUCCESS&sort=-scheduledDate"))
    scheduled = page.get_by_role("columnheader", name="Scheduled")
    total = page.get_by_role("columnheader", name="Total")
    expect(scheduled).to_have_attribute("aria-sort", "descending")

    total.get_by_role("link").click()
    expect(total).to_have_attribute("aria-sort", "ascending")
    expect(scheduled).not_to_have_attribute("aria-sort", re.compile(""))
    assert "sort=totalAmount" in page.url
    expect(chips(page).first).to_have_text(re.compile("Status: Placed"))

    total.get_by_role("link").click()
    expect(total).to_have_attribute("aria-sort", "descending")


def test_adobe_orders_say_that_the_newest_come_first(page):
    page.goto(adobe(customers.ADOBE_SMALL))

    created = page.get_by_role("columnheader", name="Created")
    expect(created).to_have_attribute("aria-sort", "descending")
    expect(created.get_by_role("link")).to_have_count(0)


def test_a_view_is_saved_and_stands_above_the_list_until_it_is_deleted(page):
    page.goto(fabric(query="?status=FAILED"))
    page.locator("summary", has_text="Save view").click()
    page.get_by_label("Name of the view").fill("Lost causes")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="Lost causes")).to_be_visible()
    tab = page.get_by_role("navigation", name="Views").get_by_role("link", name="Lost causes")
    expect(tab).to_have_attribute("aria-current", "page")

    page.goto(fabric())
    tab.click()
    expect(page).to_have_url(re.compile(re.escape(fabric(query="?status=FAILED&view=")) + r"\d+$"))

    page.get_by_role("link", name="Your views").click()
    page.get_by_role("button", name="Delete the saved view Lost causes").click()
    expect(page.get_by_role("button", name="Undo the deletion of Lost causes")).to_be_visible()
