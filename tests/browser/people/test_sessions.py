"""Sessions as people meet them: seen, ended by them, by time and by an administrator."""

import pytest
from playwright.sync_api import expect

from tests.browser.people.conftest import type_password
from tests.browser.portal import sign_in, sign_out

pytestmark = pytest.mark.django_db(transaction=True)


def test_people_see_their_sessions_and_end_the_others(open_page, dana):
    here, elsewhere = open_page(java_script_enabled=False), open_page()
    type_password(elsewhere)
    type_password(here)

    here.goto("/accounts/sessions/")
    expect(here.locator("tbody tr")).to_have_count(2)
    expect(here.locator("tr[data-current]")).to_contain_text("This one")
    expect(here.locator("tr[data-current]")).to_contain_text("Chrome on Linux")
    here.get_by_role("button", name="End the others").click()
    expect(here.get_by_text("You are signed in nowhere else.")).to_be_visible()

    elsewhere.reload()
    expect(elsewhere.get_by_role("heading", name="Sign in")).to_be_visible()


def test_a_session_that_idled_ends_with_a_word_and_leads_back(open_page, dana, settings):
    settings.SESSION_IDLE_SECONDS = 1
    page = open_page()
    type_password(page)
    page.wait_for_timeout(1_500)

    page.goto("/accounts/sessions/")
    expect(page.get_by_text("You were signed out after 1 second without activity.")).to_be_visible()
    settings.SESSION_IDLE_SECONDS = 1800
    sign_in(page)

    expect(page).to_have_url("/accounts/sessions/")


def test_a_session_that_is_old_ends_though_it_is_in_use(open_page, dana, settings):
    settings.SESSION_ABSOLUTE_SECONDS = 2
    page = open_page()
    type_password(page)
    page.wait_for_timeout(2_500)

    page.goto("/")

    expect(page.get_by_text("You were signed out, 2 seconds after you had signed in.")).to_be_visible()


def test_a_switched_off_persons_next_click_leads_to_the_sign_in(open_page, dana):
    page = open_page()
    type_password(page)
    expect(page.get_by_role("heading", name="Whose orders?")).to_be_visible()

    dana.is_active = False
    dana.save()
    page.goto("/")

    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_signing_out_leaves_no_cookie_behind(open_page, dana):
    page = open_page()
    type_password(page)
    page.evaluate("localStorage.setItem('kept', 'something')")

    sign_out(page)

    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert [cookie["name"] for cookie in page.context.cookies()] == ["csrf"]  # of the new page
    assert page.evaluate("localStorage.length") == 0


def test_the_way_back_after_signing_out_shows_no_orders(open_page, dana):
    page = open_page()
    type_password(page)
    sign_out(page)
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()

    page.go_back()

    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
