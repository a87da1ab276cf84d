"""Signing in and out."""

import re

from playwright.sync_api import expect

from tests.browser.portal import HOME, SIGN_IN, adobe, sign_in, sign_out


def test_a_person_signs_in_with_name_and_password(stranger):
    stranger.goto(SIGN_IN)
    sign_in(stranger)

    expect(stranger.get_by_role("heading", name="Whose orders?")).to_be_visible()
    expect(stranger.locator(".me > summary")).to_be_visible()


def test_a_wrong_password_is_said_and_the_name_kept(stranger):
    stranger.goto(SIGN_IN)
    sign_in(stranger, password="not-the-password")

    expect(stranger.get_by_role("alert")).to_contain_text("don't match")
    expect(stranger.get_by_label("User name")).to_have_value("dana")
    expect(stranger.get_by_label("Password")).to_have_value("")


def test_signing_in_leads_to_the_page_that_was_asked_for(stranger):
    wanted = adobe(query="?status=1000&limit=50")
    stranger.goto(wanted)
    expect(stranger).to_have_url(re.compile(r"/accounts/login/\?next="))

    sign_in(stranger, password="not-the-password")
    sign_in(stranger)

    expect(stranger).to_have_url(re.compile(re.escape(wanted) + "$"))
    expect(stranger.get_by_role("table")).to_be_visible()


def test_after_signing_out_no_page_is_shown(page):
    page.goto(HOME)
    sign_out(page)
    expect(page).to_have_url(re.compile(SIGN_IN))

    page.goto(adobe())

    expect(page).to_have_url(re.compile(SIGN_IN))
