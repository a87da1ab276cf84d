"""Who may export has a second factor; what it needs to be one is kept unreadable."""

import time
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.contrib.auth.models import User

from orders.ledger import LedgerEntry
from orders.people.models import SecurityNotice
from tests.pages import Page
from tests.personas import PASSWORD, signed_in

pytestmark = pytest.mark.django_db

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def code_for(secret: str) -> str:
    """The code that an app would show now."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


@pytest.fixture(autouse=True)
def required(settings):
    settings.MFA_REQUIRED = True


def test_an_exporter_without_one_is_led_to_the_set_up_before_anything_else(exporter, sign_in):
    browser = sign_in("dana")

    led = {
        path: (response.status_code, response.get("Location", ""))
        for path in ("/", "/adobe/customers/1/orders/", "/accounts/sessions/", "/accounts/password/change/")
        for response in [browser.get(path)]
    }

    assert set(led.values()) == {(302, "/accounts/2fa/")}
    assert "Set up one of these to go on." in Page(browser.get("/accounts/2fa/")).text


def test_set_up_sign_out_and_health_stay_open(exporter, sign_in):
    browser = sign_in("dana")

    statuses = {
        path: browser.get(path).status_code
        for path in (
            "/accounts/2fa/",
            "/accounts/2fa/totp/activate/",
            "/accounts/2fa/webauthn/add/",
            "/health/ready",
        )
    }

    assert set(statuses.values()) == {200}, statuses
    assert browser.post("/accounts/logout/").status_code == 302


def test_a_half_loaded_page_is_led_there_as_a_whole(exporter, sign_in):
    response = sign_in("dana").get("/", headers={"HX-Request": "true"})

    assert response["HX-Redirect"] == "/accounts/2fa/"


def test_whoever_may_not_export_is_left_alone(agent, sign_in):
    assert sign_in("dana").get("/").status_code == 200


def test_the_setting_switches_it_off(exporter, sign_in, settings):
    settings.MFA_REQUIRED = False

    assert sign_in("dana").get("/").status_code == 200


def test_setting_up_the_app_opens_the_portal(exporter, sign_in):
    browser = sign_in("dana")
    page = Page(browser.get("/accounts/2fa/totp/activate/"))

    browser.post(
        "/accounts/2fa/totp/activate/", {"code": code_for(page.root.one(id="authenticator_secret").text)}
    )

    assert browser.get("/").status_code == 200


def test_recovery_codes_alone_are_no_second_factor(exporter, sign_in):
    RecoveryCodes.activate(exporter)

    assert sign_in("dana").get("/")["Location"] == "/accounts/2fa/"


def test_losing_the_factor_closes_the_portal_again(exporter):
    browser = signed_in(exporter)
    TOTP.activate(exporter, SECRET)
    assert browser.get("/").status_code == 200

    Authenticator.objects.all().delete()

    assert browser.get("/")["Location"] == "/accounts/2fa/"


def test_taking_the_last_key_away_is_written_told_and_closes_the_portal(exporter):
    key = Authenticator.objects.create(
        user=exporter, type=Authenticator.Type.WEBAUTHN, data={"name": "office", "credential": {}}
    )
    browser = signed_in(exporter)
    assert browser.get("/").status_code == 200
    address = f"/accounts/2fa/webauthn/keys/{key.pk}/remove/"

    browser.post(address)
    assert Authenticator.objects.exists()  # a session alone takes nothing away
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    browser.post(address)

    assert not Authenticator.objects.exists()
    assert browser.get("/")["Location"] == "/accounts/2fa/"
    entry = LedgerEntry.objects.filter(details__contains="factor-removed").get()
    assert (entry.username, SecurityNotice.objects.filter(change="factor-removed").get().person) == (
        "dana",
        exporter,
    )


def test_with_a_factor_the_password_alone_opens_nothing(exporter, sign_in):
    TOTP.activate(exporter, SECRET)

    browser = sign_in("dana")

    assert browser.get("/").status_code == 302
    assert Page(browser.get("/accounts/2fa/authenticate/")).root.one("h1").text == "One more step"


def test_a_code_works_once(exporter, sign_in):
    TOTP.activate(exporter, SECRET)
    code = code_for(SECRET)

    first, second = sign_in("dana"), sign_in("dana")
    first.post("/accounts/2fa/authenticate/", {"code": code})
    page = Page(second.post("/accounts/2fa/authenticate/", {"code": code}))

    assert first.get("/").status_code == 200
    assert "That code is wrong, or it was used already." in page.text
    assert second.get("/").status_code == 302


def test_five_wrong_codes_block_the_right_one(exporter, sign_in):
    TOTP.activate(exporter, SECRET)
    browser = sign_in("dana")
    for _ in range(5):
        browser.post("/accounts/2fa/authenticate/", {"code": "000000"})

    browser.post("/accounts/2fa/authenticate/", {"code": code_for(SECRET)})

    assert browser.get("/").status_code == 302


def test_recovery_codes_sign_in_once_each(exporter, sign_in):
    TOTP.activate(exporter, SECRET)
    code = RecoveryCodes.activate(exporter).get_unused_codes()[0]

    first, second = sign_in("dana"), sign_in("dana")
    first.post("/accounts/2fa/authenticate/", {"code": code})
    second.post("/accounts/2fa/authenticate/", {"code": code})

    assert [first.get("/").status_code, second.get("/").status_code] == [200, 302]


def test_the_database_alone_makes_no_codes(exporter):
    TOTP.activate(exporter, SECRET)
    codes = RecoveryCodes.activate(exporter)

    stored = str(list(Authenticator.objects.values_list("data", flat=True)))

    assert [part for part in (SECRET, *codes.get_unused_codes()) if part in stored] == []


def test_with_another_key_of_the_portal_no_code_fits(exporter, settings):
    TOTP.activate(exporter, SECRET)
    settings.SECRET_KEY = "another-" + "0123456789abcdef" * 4

    totp = Authenticator.objects.get(type=Authenticator.Type.TOTP).wrap()

    # Neither the old code nor that of an empty secret, which anybody could compute.
    assert [totp.validate_code(code) for code in (code_for(SECRET), code_for(""))] == [False, False]


def test_a_former_key_of_the_portal_still_opens_what_it_sealed(exporter, settings):
    TOTP.activate(exporter, SECRET)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = (
        "another-" + "0123456789abcdef" * 4,
        [settings.SECRET_KEY],
    )

    totp = Authenticator.objects.get(type=Authenticator.Type.TOTP).wrap()

    assert totp.validate_code(code_for(SECRET))


def test_changing_a_factor_long_after_the_sign_in_asks_for_the_password(agent, sign_in):
    browser = sign_in("dana")
    assert browser.get("/accounts/2fa/totp/activate/").status_code == 200

    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=6), tick=False):
        response = browser.get("/accounts/2fa/totp/activate/")
        assert response["Location"].startswith("/accounts/reauthenticate/")
        browser.post(response["Location"], {"password": PASSWORD})

        assert browser.get("/accounts/2fa/totp/activate/").status_code == 200


def test_superusers_may_export_and_so_need_one(sign_in):
    User.objects.create_superuser("root", password=PASSWORD)

    assert sign_in("root").get("/admin/")["Location"] == "/accounts/2fa/"
