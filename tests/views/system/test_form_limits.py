"""Forms that are too long or have too many fields get a page of ours."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.pages import Page

pytestmark = pytest.mark.django_db

LONG = "x" * (5 * 2**19 + 1)  # 2.5 MB


@pytest.mark.parametrize("debug", [True, False], ids=["DEBUG", "no DEBUG"])
@pytest.mark.parametrize("address", ["/lookup/", "/saved-views/", "/accounts/login/", "/profile/tokens/"])
@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"q": LONG}, "A form may hold 2.5 MB; send less at once."),
        ({f"field-{n}": "" for n in range(1001)}, "A form may have 1,000 fields; send less at once."),
    ],
    ids=["long", "many"],
)
@pytest.mark.parametrize("type_", ["multipart/form-data", "application/x-www-form-urlencoded"])
def test_our_own_page_says_how_much_there_may_be(
    portal: Client, settings: object, address: str, form: dict[str, str], words: str, type_: str, debug: bool
) -> None:
    settings.DEBUG = debug  # type: ignore[attr-defined]  # pytest-django's
    portal.raise_request_exception = False
    if type_ == "multipart/form-data":
        response = portal.post(address, form)
    else:
        response = portal.post(address, "&".join(f"{k}={v}" for k, v in form.items()), content_type=type_)
    page = Page(response)

    assert page.status == 413
    assert words in page.text
    assert "DATA_UPLOAD" not in page.html


def test_as_much_as_is_said_passes(portal: Client) -> None:
    others = {f"field-{n}": "" for n in range(998)}
    response = portal.post("/saved-views/", {"name": "Mine", "source": "adobe", **others})

    assert response.status_code == 302


def test_a_file_that_is_too_long_is_refused_before_it_lies_on_a_disk(admin_client, monkeypatch) -> None:
    def reach_the_disk(*args: Any, **kwargs: Any) -> None:
        raise AssertionError("an upload began")

    monkeypatch.setattr("django.core.files.uploadhandler.TemporaryFileUploadHandler.new_file", reach_the_disk)
    file = SimpleUploadedFile("accounts.csv", b"x" * (6 * 2**20 + 1))

    page = Page(admin_client.post("/account-imports/", {"file": file}))

    assert (page.status, page.main.one("h1").text) == (413, "This is too long to be sent")
    assert "6 MB" in page.text
