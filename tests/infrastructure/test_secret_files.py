"""A secret that stands in a file is changed by changing the file: nobody restarts anything."""

import logging
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client

from orders.infrastructure import secret_files
from orders.sandbox import SandboxServer, credentials, customers
from tests.personas import person, signed_in

pytestmark = pytest.mark.django_db

HISTORY = f"/adobe/customers/{customers.ADOBE_SMALL}/orders/"


@pytest.fixture(autouse=True)
def _always_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secret_files, "LOOK_EVERY", -1.0)
    monkeypatch.setattr(secret_files, "next_look", 0.0)


def test_a_new_token_of_an_upstream_is_used_at_the_next_page(
    upstreams: SandboxServer, settings: Any, tmp_path: Path, caplog: Any
) -> None:
    caplog.set_level(logging.INFO)
    file = tmp_path / "token"
    file.write_text("an-old-token-that-nobody-takes\n")
    settings.SECRET_FILES = {"ADOBE_ACCESS_TOKEN": (str(file), "adobe", "access_token")}
    browser = signed_in(person("thea", "supervisor"))
    assert browser.get(HISTORY).status_code == 502

    file.write_text(f"{credentials.ADOBE_ACCESS_TOKEN}\n")

    assert browser.get(HISTORY).status_code == 200
    assert "ADOBE_ACCESS_TOKEN was read anew" in caplog.text
    assert credentials.ADOBE_ACCESS_TOKEN not in caplog.text


@pytest.mark.parametrize("content", [b"", b"\n", b"\xff\xfe", b"two\nlines", None])
def test_what_is_no_secret_changes_nothing(
    content: bytes | None, upstreams: SandboxServer, settings: Any, tmp_path: Path
) -> None:
    file = tmp_path / "token"
    file.write_text(credentials.ADOBE_ACCESS_TOKEN)
    settings.SECRET_FILES = {"ADOBE_ACCESS_TOKEN": (str(file), "adobe", "access_token")}
    browser = signed_in(person("thea", "supervisor"))
    assert browser.get(HISTORY).status_code == 200

    if content is None:
        file.unlink()
    else:
        file.write_bytes(content)

    assert browser.get(HISTORY).status_code == 200


def test_the_metrics_token_too(settings: Any, tmp_path: Path) -> None:
    file = tmp_path / "metrics"
    file.write_text("the-first-token")
    settings.METRICS_TOKEN = "the-first-token"
    settings.SECRET_FILES = {"METRICS_TOKEN": (str(file), "", "METRICS_TOKEN")}

    def ask(token: str) -> int:
        return Client().get("/metrics", headers={"Authorization": f"Bearer {token}"}).status_code

    assert ask("the-first-token") == 200
    file.write_text("the-second-token")

    assert (ask("the-second-token"), ask("the-first-token")) == (200, 401)
    assert django_settings.METRICS_TOKEN == "the-second-token"
