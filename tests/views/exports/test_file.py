"""The file of an export: who gets it, as what, and for how long."""

import uuid

import pytest
from django.test import Client

from orders.exports.models import Export
from orders.people.api_tokens import make_token
from tests.pages import Page
from tests.personas import signed_in
from tests.views.exports.exports_made import BROWSER, CONTENT, DIGEST, State

pytestmark = pytest.mark.django_db


def test_the_file_is_sent_with_length_name_and_hash(portal, make):
    export = make()
    response = portal.get(f"/exports/{export.pk}/file/")

    assert response.getvalue() == CONTENT
    assert {
        name: response.headers[name]
        for name in ("Content-Disposition", "Content-Length", "X-File-SHA256", "Cache-Control")
    } == {
        "Content-Disposition": f'attachment; filename="{export.file_name}"',
        "Content-Length": str(len(CONTENT)),
        "X-File-SHA256": DIGEST,
        "Cache-Control": "no-store",
    }


EVERY_ADDRESS = [
    ("GET", ""),
    ("GET", "progress/"),
    ("GET", "file/"),
    ("POST", "cancel/"),
    ("POST", "rest/"),
    ("POST", "offer/"),
]


@pytest.mark.parametrize(("method", "path"), EVERY_ADDRESS)
@pytest.mark.parametrize("state", [State.RUNNING, State.COMPLETE, State.FAILED])
def test_another_persons_export_is_as_good_as_missing(portal, make, django_user_model, method, path, state):
    theirs = make(state, owner=django_user_model.objects.create_user("milo"))

    statuses = {
        getattr(portal, method.lower())(f"/exports/{pk}/{path}").status_code
        for pk in (theirs.pk, uuid.uuid4())
    }

    assert statuses == {404}
    assert Export.objects.get(pk=theirs.pk).state == state


def test_not_even_the_administrator_gets_another_persons_file(make, django_user_model):
    export = make()
    admin = signed_in(django_user_model.objects.create_superuser("ines"))

    assert admin.get(f"/exports/{export.pk}/file/").status_code == 404


def test_a_file_that_was_kept_long_enough_is_gone_and_says_so(portal, make):
    export = make(State.EXPIRED)

    page = Page(portal.get(f"/exports/{export.pk}/file/", headers=BROWSER))
    answer = portal.get(f"/exports/{export.pk}/file/")

    assert (page.status, answer.status_code) == (410, 410)
    assert "This file was kept for 24 hours and is deleted now." in page.text
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"


def test_a_file_that_lies_on_another_machine_is_not_said_to_have_expired(portal, make, settings, caplog):
    export = make()
    for file in settings.EXPORT_DIR.iterdir():
        file.unlink()

    page = Page(portal.get(f"/exports/{export.pk}/file/", headers=BROWSER))
    answer = portal.get(f"/exports/{export.pk}/file/")

    assert (page.status, answer.status_code) == (503, 503)
    assert "The file was made and has not expired, but this server can't find it." in page.text
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert "web servers and workers must share one" in caplog.text


@pytest.mark.parametrize(
    ("state", "status", "text"),
    [
        (State.WAITING, 202, "Waiting its turn: 0 orders so far.\n"),
        (State.RUNNING, 202, "Being made: 300 orders so far.\n"),
        (State.FAILED, 409, "There is no file: stopped.\n"),
        (State.CANCELLED, 409, "There is no file: cancelled.\n"),
        (
            State.PARTIAL,
            409,
            "Page 2 of 3 is missing. fabric counts 57 orders and sent 20. "
            "Add partial=1 to the address to take what there is.\n",
        ),
    ],
)
def test_a_script_gets_the_complete_file_or_another_status(make, agent, state, status, text):
    _, token = make_token(owner=agent, name="nightly")
    script = Client(headers={"Authorization": f"Bearer {token}"})
    response = script.get(f"/exports/{make(state).pk}/file/")

    assert (response.status_code, response.content.decode()) == (status, text)
    assert ("Retry-After" in response.headers) == (status == 202)


def test_a_script_takes_an_incomplete_file_if_it_says_so(make, agent):
    _, token = make_token(owner=agent, name="nightly")
    script = Client(headers={"Authorization": f"Bearer {token}"})

    response = script.get(f"/exports/{make(State.PARTIAL).pk}/file/?partial=1")

    assert response.getvalue() == CONTENT


@pytest.mark.parametrize("state", [State.WAITING, State.RUNNING, State.FAILED, State.CANCELLED])
def test_a_browser_that_asks_for_a_file_that_is_not_there_sees_the_exports_page(portal, make, state):
    export = make(state)
    response = portal.get(f"/exports/{export.pk}/file/", headers=BROWSER)

    assert (response.status_code, response.headers["Location"]) == (302, f"/exports/{export.pk}/")
