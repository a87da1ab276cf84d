"""Sign-in by an identity provider, in a real browser, under the portal's policy for forms and scripts."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import expect

from tests.people.sign_in.identity_provider import IdentityProvider

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def provider(settings) -> Iterator[IdentityProvider]:
    settings.MFA_REQUIRED = False
    with IdentityProvider() as provider:
        settings.SOCIALACCOUNT_PROVIDERS = provider.settings()
        yield provider


@pytest.mark.parametrize("java_script_enabled", [True, False], ids=["scripts", "no-scripts"])
def test_one_click_leads_to_the_provider_and_back(open_page, provider, java_script_enabled):
    User.objects.create_user("ines.lund", email="ines@works.example", first_name="Ines", last_name="Lund")
    page = open_page(java_script_enabled=java_script_enabled)

    page.goto("/accounts/sessions/")
    page.get_by_role("link", name="Sign in with Works Directory").click()

    expect(page).to_have_url("/accounts/sessions/")
    expect(page.locator(".me", has_text="Ines Lund")).to_be_visible()
    assert User.objects.count() == 1


def test_whoever_says_no_there_is_told_so_here(open_page, provider):
    provider.denies = True
    page = open_page()

    page.goto("/accounts/login/")
    page.get_by_role("link", name="Sign in with Works Directory").click()

    expect(page.get_by_role("heading", name="You are not signed in")).to_be_visible()
