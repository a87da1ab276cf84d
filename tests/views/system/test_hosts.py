"""The names that the portal answers under, and what somebody sees who comes by another one."""

import logging
from typing import Any

import pytest
from django.test import Client, override_settings

from tests.pages import Page

WRONG = ["10.0.0.5:8000", "portal.example.", "[::1]:9", "evil.example", "under_score", "a b", "", "x" * 3000]


@pytest.fixture
def allowed(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["portal.test"]


@pytest.mark.django_db
@pytest.mark.usefixtures("allowed")
@pytest.mark.parametrize("secured", [True, False], ids=["HTTPS only", "plain"])
@pytest.mark.parametrize("host", ["portal.test", *WRONG])
@pytest.mark.parametrize("path", ["/health/live", "/health/ready"])
def test_health_is_told_under_any_name(path: str, host: str, secured: bool, settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = secured

    assert Client().get(path, headers={"host": host}).status_code == 200


@pytest.mark.usefixtures("allowed")
@pytest.mark.parametrize("debug", [True, False], ids=["DEBUG", "no DEBUG"])
@pytest.mark.parametrize("secured", [True, False], ids=["HTTPS only", "plain"])
@pytest.mark.parametrize("host", WRONG)
@pytest.mark.parametrize("path", ["/accounts/login/", "/health"])
def test_another_name_gets_a_sentence_that_names_the_setting(
    path: str, host: str, secured: bool, debug: bool, caplog: pytest.LogCaptureFixture
) -> None:
    with (
        override_settings(DEBUG=debug, SECURE_SSL_REDIRECT=secured),
        caplog.at_level(logging.INFO, logger="django"),
    ):
        response = Client(raise_request_exception=False).get(path, headers={"host": host})
    page = Page(response)

    assert (page.status, page.main.one("h1").text) == (400, "The portal does not answer under this name")
    assert "the setting ALLOWED_HOSTS" in page.text
    assert "DEBUG" not in page.html
    assert "Traceback" not in page.html
    assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]
    assert response.headers["Cache-Control"] == "no-store"
    [line] = [record for record in caplog.records if record.levelno > logging.INFO]
    assert line.levelname == "WARNING"
    assert line.getMessage().endswith(" is not allowed: see the setting ALLOWED_HOSTS")
    assert len(line.getMessage()) < 250


@pytest.mark.usefixtures("allowed")
def test_the_right_name_leads_on() -> None:
    response = Client().get("/", headers={"host": "portal.test"})

    assert (response.status_code, response.headers["Location"]) == (302, "/accounts/login/?next=/")
