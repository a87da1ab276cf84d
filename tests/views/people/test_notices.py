"""One list of what happened without a person, read and unread, with its number in their menu."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from orders.people import notices, security_notices
from orders.people.models import SecurityNotice
from orders.people.notice_models import Notice
from orders.people.notices import What
from orders.people.settings_models import PersonalSettings
from orders.sandbox import customers
from tests.pages import Page
from tests.personas import person, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def mara(upstreams):
    return person("mara", "administrator", email="mara@example.org")


def listed(client):
    return [
        (row["data-notice-kind"], row["data-read"])
        for row in Page(client.get("/notices/")).main.all("tr", data_notice_kind=True)
    ]


def count(client):
    found = Page(client.get("/settings/")).root.all(data_notice_count=True)
    return [each["data-notice-count"] for each in found]


def tell(who, capture, what=What.SCHEDULE_READY, **more):
    with capture(execute=True):
        notices.tell(who, what, subject="Harbour, failed", address="/attention/", **more)


def test_the_newest_comes_first_and_is_counted_until_it_is_read(mara, django_capture_on_commit_callbacks):
    client = signed_in(mara)
    before = count(client)
    tell(mara, django_capture_on_commit_callbacks)
    tell(mara, django_capture_on_commit_callbacks, What.SCHEDULE_FAILED)

    assert (before, count(client)) == ([], ["2"])
    assert listed(client) == [("schedule-failed", "0"), ("schedule-ready", "0")]
    link = Page(client.get("/notices/")).main.one("tr", data_notice_kind="schedule-ready").one("a")
    assert client.get(link["href"])["Location"] == "/attention/"
    assert count(client) == ["1"]
    client.post("/notices/read/", {"until": (timezone.now() - timedelta(hours=1)).isoformat()})
    assert count(client) == ["1"]
    client.post("/notices/read/", {"until": timezone.now().isoformat()})
    assert (count(client), {read for _, read in listed(client)}) == ([], {"1"})


def test_the_count_is_asked_of_the_database_once_for_many_pages(mara):
    client = signed_in(mara)
    client.get("/settings/")
    with CaptureQueriesContext(connection) as asked:
        client.get("/settings/")

    assert [each["sql"] for each in asked if "orders_notice" in each["sql"]] == []


def test_nobody_elses_notice_is_shown_or_followed(mara, django_capture_on_commit_callbacks):
    tell(mara, django_capture_on_commit_callbacks)
    other = signed_in(person("ines", "administrator"))

    assert listed(other) == []
    assert other.get(f"/notices/{Notice.objects.get().pk}/").status_code == 404


def test_a_file_that_was_made_in_the_background_is_told_until_its_page_was_seen(
    mara, settings, tmp_path, django_capture_on_commit_callbacks
):
    settings.EXPORT_DIR = tmp_path
    client = signed_in(mara)
    made = client.post(f"/fabric/customers/{customers.FABRIC_CALM}/orders/export/")
    stopped = client.post(f"/adobe/customers/{customers.ADOBE_UNKNOWN}/orders/export/")
    with django_capture_on_commit_callbacks(execute=True):
        call_command("run_worker", until_idle=True)

    assert sorted(listed(client)) == [("file-failed", "0"), ("file-ready", "0")]
    addresses = {each.what: each.address for each in Notice.objects.all()}
    assert addresses["file-ready"] in made["Location"] + made.content.decode()
    client.get(addresses["file-ready"])
    assert sorted(listed(client)) == [("file-failed", "0"), ("file-ready", "1")]
    assert (made.status_code, stopped.status_code) == (202, 202)


@pytest.mark.parametrize(
    ("chosen", "mailed"),
    [("", ["What you ordered by schedule is there"]), ("none", [])],
)
def test_it_comes_by_mail_as_chosen(
    mara, settings, mailoutbox, django_capture_on_commit_callbacks, chosen, mailed
):
    settings.EMAIL_HOST = "mail.example.org"
    PersonalSettings.objects.create(person=mara, mail=chosen)
    tell(mara, django_capture_on_commit_callbacks)
    tell(mara, django_capture_on_commit_callbacks, What.FILE_READY)

    assert [each.subject.removeprefix("Orders Portal: ") for each in mailoutbox] == mailed
    assert all("Harbour" not in each.body for each in mailoutbox)


def test_with_all_by_mail_files_are_too(mara, settings, mailoutbox, django_capture_on_commit_callbacks):
    settings.EMAIL_HOST = "mail.example.org"
    signed_in(mara).post("/settings/", {"mail": "all", "landing": "home"})
    tell(mara, django_capture_on_commit_callbacks, What.FILE_READY)

    assert [each.to for each in mailoutbox] == [["mara@example.org"]]
    assert "“Notices”" in mailoutbox[0].body


def test_security_notices_are_in_the_list_of_those_sessions_alone_that_may_show_them(mara):
    earlier = signed_in(mara)
    security_notices.tell(mara, SecurityNotice.Change.PASSWORD, subject="", by="root")
    later = signed_in(mara)

    assert listed(earlier) == []
    assert listed(later) == [("security", "0")]
    later.post("/notices/read/")
    assert listed(earlier) == listed(later) == [("security", "1")]


def test_a_bad_place_is_refused_with_words(mara):
    answer = signed_in(mara).get("/notices/?offset=x")

    assert answer.status_code == 400
    assert "offset" in Page(answer).main.text
