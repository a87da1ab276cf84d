"""Every page of the sign-in in the portal's look: accessible, light and dark, and not wider than a phone."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from playwright.sync_api import Page

from tests.browser.axe import COLOURS, GOOD_PRACTICE, look
from tests.browser.people.conftest import add_key, type_password
from tests.people.sign_in.identity_provider import IdentityProvider
from tests.people.sign_in.test_second_factor import SECRET

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

# Colours on their way from one scheme to the other are nobody's.
SETTLED = """() => Promise.allSettled(document.getAnimations()
  .filter((each) => each instanceof CSSTransition).map((each) => each.finished)).then(() => null)"""


def faults(page: Page) -> list[str]:
    """What is wrong with the page as it stands, in each colour and on a phone."""
    found = []
    for scheme in ("light", "dark"):
        rules = GOOD_PRACTICE if scheme == "light" else COLOURS  # nothing else differs in the dark
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.evaluate(SETTLED)
        found += [f"{page.url} {scheme}: {wrong}" for wrong in look(page, rules)]
    page.set_viewport_size({"width": 320, "height": 800})
    if page.evaluate("document.documentElement.scrollWidth") > 320:
        found.append(f"{page.url} is wider than a phone")
    page.set_viewport_size({"width": 1280, "height": 800})
    if page.locator("link[href$='orders/tables.css']").count() == 0 or page.locator(".brand").count() == 0:
        found.append(f"{page.url} is not in the portal's look")
    if page.locator("h1").count() != 1:
        found.append(f"{page.url} has {page.locator('h1').count()} main headings")
    return found


def test_pages_for_strangers(open_page, settings, dana):
    with IdentityProvider() as provider:
        settings.SOCIALACCOUNT_PROVIDERS = provider.settings()
        page = open_page()
        found = []
        for path in ("login/", "signup/", "inactive/", "3rdparty/login/cancelled/", "3rdparty/login/error/"):
            page.goto(f"/accounts/{path}")
            found += faults(page)
        type_password(page, password="wrong")
        found += faults(page)
        TOTP.activate(dana, SECRET)
        type_password(page)
        page.get_by_label("Code of your authenticator app").fill("1")
        page.get_by_role("button", name="Sign in").click()
        found += faults(page)

    assert found == []


@pytest.mark.slow
def test_pages_of_ones_own_account_before_any_factor(open_page, dana):
    page = open_page()
    type_password(page)
    found = []
    for path in (
        *("2fa/", "2fa/totp/activate/", "2fa/webauthn/", "2fa/webauthn/add/"),
        *("sessions/", "password/change/", "reauthenticate/", "logout/"),
    ):
        page.goto(f"/accounts/{path}")
        found += faults(page)

    assert found == []


def test_pages_of_ones_own_account_with_every_factor(open_page, dana):
    page = open_page()
    add_key(page)
    type_password(page)
    page.goto("/accounts/2fa/webauthn/add/")
    page.get_by_role("button", name="Add it").click()
    page.wait_for_url("**/recovery-codes/")
    TOTP.activate(dana, SECRET)
    RecoveryCodes.activate(dana)
    key = Authenticator.objects.get(type=Authenticator.Type.WEBAUTHN).pk
    found = []
    for path in (
        *("2fa/", "2fa/totp/deactivate/", "2fa/recovery-codes/", "2fa/recovery-codes/generate/"),
        *("2fa/webauthn/", f"2fa/webauthn/keys/{key}/edit/", f"2fa/webauthn/keys/{key}/remove/"),
        *("reauthenticate/", "2fa/reauthenticate/", "2fa/webauthn/reauthenticate/"),
    ):
        page.goto(f"/accounts/{path}")
        found += faults(page)

    assert found == []
