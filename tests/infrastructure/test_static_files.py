"""Style sheets and scripts: served before anything was collected, and without a word about it."""

import gzip
import re

import pytest
from django.core.management import call_command
from django.test import Client

from orders.infrastructure import drawn_parts
from orders.infrastructure.deployment_checks import static_files_are_collected
from orders.sandbox.customers import ADOBE_LARGE

HASHED = "orders_portal.static_files.HashedStaticFilesStorage"
COMPRESSED = {"Accept-Encoding": "gzip"}

# An answer that ends looks after the connections to the database.
pytestmark = pytest.mark.django_db


def test_static_files_are_served_before_anything_was_collected_and_nothing_warns(settings, tmp_path, recwarn):
    settings.STATIC_ROOT = tmp_path / "never-made"

    answer = Client().get("/static/orders/tokens.css")

    answer.close()
    assert (answer.status_code, answer["Content-Type"]) == (200, 'text/css; charset="utf-8"')
    assert [str(warning.message) for warning in recwarn] == []


def test_what_was_collected_is_served(settings, tmp_path):
    (tmp_path / "orders").mkdir()
    (tmp_path / "orders" / "collected-only.css").write_text("p { margin: 0 }")
    settings.STATIC_ROOT = tmp_path

    answer = Client().get("/static/orders/collected-only.css")

    assert answer.getvalue() == b"p { margin: 0 }"
    answer.close()


@pytest.fixture(autouse=True)
def _as_installed(settings):
    """Files are listed once, at the start; other tests look for each when it is asked for."""
    settings.WHITENOISE_AUTOREFRESH = False


@pytest.fixture
def collected(settings, tmp_path):
    """What an installation has after `collectstatic`, served as gunicorn serves it."""
    settings.STATIC_ROOT = tmp_path / "collected"
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": HASHED}}
    call_command("collectstatic", interactive=False, verbosity=0)
    # The storage that collected had read its manifest before there was one.
    settings.STORAGES = settings.STORAGES | {}
    drawn_parts.forget()
    yield tmp_path / "collected"
    drawn_parts.forget()


def sent(answer):
    """Bytes over the wire: status line, headers, body."""
    body = answer.getvalue()
    answer.close()
    head = sum(len(f"{name}: {value}\r\n") for name, value in answer.items())
    return len("HTTP/1.1 200 OK\r\n\r\n") + head + len(body)


def loaded_by(page):
    """The addresses of the style sheets, scripts and pictures that a page loads."""
    text = gzip.decompress(page.content).decode()
    return sorted(set(re.findall(r'(?:href|src)="(/static/[^"]+)"', text)))


def test_a_file_that_was_collected_is_kept_for_good_and_travels_compressed(collected, portal):
    page = portal.get("/", headers=COMPRESSED)

    for address in loaded_by(page):
        answer = portal.get(address, headers=COMPRESSED)
        assert re.search(r"\.[0-9a-f]{12}\.(css|js|svg)$", address)
        assert answer["Cache-Control"] == "max-age=315360000, public, immutable"
        assert answer.get("Content-Encoding") == "gzip" or address.endswith(".svg")
        answer.close()


def test_a_first_visit_is_under_80_kilobytes_and_a_later_page_under_12(collected, portal, sandbox):
    """A list of 25 orders. What the browser kept is not asked for again."""
    page = portal.get(f"/adobe/customers/{ADOBE_LARGE}/orders/?limit=25", headers=COMPRESSED)
    files = [portal.get(address, headers=COMPRESSED) for address in loaded_by(page)]
    later, rest = sent(page), sum(sent(file) for file in files)

    assert page.status_code == 200
    assert later < 12_000
    assert later + rest < 80_000


def test_a_page_is_compressed_and_padded_at_random_and_nothing_but_pages_is(portal):
    address = f"/adobe/customers/{ADOBE_LARGE}/orders/"
    pages = [portal.get(address, headers=COMPRESSED) for _ in range(8)]
    plain = portal.get(address)
    file = portal.get("/health/live", headers=COMPRESSED)

    assert {page["Content-Encoding"] for page in pages} == {"gzip"}
    assert len({len(page.content) for page in pages}) > 1
    assert "Content-Encoding" not in plain.headers
    assert "Content-Encoding" not in file.headers


def test_the_deployment_check_says_that_nothing_was_collected(settings, tmp_path, collected):
    assert static_files_are_collected() == []

    settings.STATIC_ROOT = tmp_path / "never-made"

    assert [message.id for message in static_files_are_collected()] == ["orders.W010"]
