"""An authenticator app, a security key, and what happens without either."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from playwright.sync_api import expect

from tests.browser.people.conftest import add_key, type_password
from tests.browser.portal import sign_out
from tests.people.sign_in.test_second_factor import SECRET, code_for

pytestmark = pytest.mark.django_db(transaction=True)

scripts = pytest.mark.parametrize("java_script_enabled", [True, False], ids=["scripts", "no-scripts"])


@scripts
def test_an_exporter_sets_up_the_app_and_signs_in_with_it(open_page, exporter, settings, java_script_enabled):
    settings.MFA_REQUIRED = True
    page = open_page(java_script_enabled=java_script_enabled)

    type_password(page)
    expect(page.get_by_role("heading", name="Second factor")).to_be_visible()
    expect(page.locator("[data-notice=second-factor]")).to_contain_text("Set up one of these to go on.")
    page.get_by_role("link", name="Set up the app").click()
    page.get_by_label("Authenticator code").fill(code_for(page.locator("#authenticator_secret").inner_text()))
    page.get_by_role("button", name="Switch it on").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    recovery = page.locator("#recovery_codes").inner_text().split()
    page.get_by_role("link", name="To the orders").click()
    expect(page.get_by_role("heading", name="Whose orders?")).to_be_visible()

    # In another browser the password alone leads no further than to the code; one for paper works too.
    other = open_page(java_script_enabled=java_script_enabled)
    type_password(other)
    other.get_by_label("Code of your authenticator app").fill("123")
    other.get_by_role("button", name="Sign in").click()
    expect(other.get_by_role("alert").first).to_contain_text("That code is wrong")
    other.get_by_label("Code of your authenticator app").fill(recovery[0])
    other.get_by_role("button", name="Sign in").click()

    expect(other.get_by_role("heading", name="Whose orders?")).to_be_visible()


def test_the_code_of_the_app_opens_the_portal(open_page, exporter, settings):
    settings.MFA_REQUIRED = True
    TOTP.activate(exporter, SECRET)
    page = open_page()

    type_password(page)
    page.get_by_label("Code of your authenticator app").fill(code_for(SECRET))
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Whose orders?")).to_be_visible()


def test_a_security_key_is_added_used_renamed_and_removed(open_page, exporter, settings):
    settings.MFA_REQUIRED = True
    page = open_page()
    add_key(page)

    type_password(page)
    page.get_by_role("link", name="Add a key").click()
    page.get_by_label("Name").fill("Key on my ring")
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()

    sign_out(page)
    type_password(page)
    page.get_by_role("button", name="Use your security key").click()
    expect(page.get_by_role("heading", name="Whose orders?")).to_be_visible()

    page.goto("/accounts/2fa/webauthn/")
    expect(page.get_by_role("row", name="Key on my ring")).not_to_contain_text("never")
    page.get_by_role("link", name="Rename Key on my ring").click()
    page.get_by_label("Name").fill("Key in the drawer")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Remove Key in the drawer").click()
    page.get_by_role("button", name="Remove it").click()

    # A person with powers and no factor left is where they were at first, before anything else.
    expect(page.get_by_role("heading", name="Second factor")).to_be_visible()
    expect(page.locator("[data-notice=second-factor]")).to_contain_text("Set up one of these to go on.")
    assert not Authenticator.objects.exists()


def test_a_key_that_is_not_there_is_said_on_the_page(open_page, dana):
    page = open_page()
    type_password(page)
    add_key(page)
    page.goto("/accounts/2fa/webauthn/add/")
    page.evaluate(
        "() => { const no = new DOMException('x', 'NotAllowedError');"
        " navigator.credentials.create = () => Promise.reject(no) }"
    )

    page.get_by_role("button", name="Add it").click()

    expect(page.locator("[data-webauthn-error]")).to_have_text(
        "That was cancelled, or took too long. Try again."
    )


def test_without_scripts_a_key_cannot_be_added_and_the_page_says_so(open_page, dana):
    page = open_page(java_script_enabled=False)
    type_password(page)

    page.goto("/accounts/2fa/webauthn/add/")

    expect(page.get_by_text("Security keys need JavaScript")).to_be_visible()
    expect(page.get_by_role("button", name="Add it")).to_be_hidden()
