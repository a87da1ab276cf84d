"""A schedule's file where files are kept, under a dated name, for whoever fetches it from there."""

import io
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from orders.exports.jobs import kept_files
from orders.exports.models import Export
from orders.exports.schedules import delivering, keeping
from orders.exports.schedules.models import Schedule
from orders.infrastructure.object_storage import ObjectStorage
from orders.ledger.models import LedgerEntry
from orders.people.models import Assignment
from tests.exports import buckets
from tests.exports.results import order
from tests.exports.test_schedules import CUSTOMER, make, milo, outcomes, turn
from tests.pages import Page

__all__ = ["milo", "turn"]

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("bucket")]


def a_file(owner, **more):
    fields = {"kind": "file", "source": "adobe", "rows": "orders", "format": "csv"}
    return make(owner, **fields, query="start-date=2000-01-01", delivers=True, name="Mornings/../1", **more)


def test_a_file_is_delivered_under_a_dated_name_and_stays_when_the_portal_s_own_is_gone(
    milo, turn, bucket, upstreams
):
    upstreams.add_adobe_orders(CUSTOMER, [order(number, customerId=CUSTOMER) for number in range(3)])
    schedule = a_file(milo)

    turn(0)

    export = Export.objects.get()
    name = f"deliveries/{schedule.pk}-mornings1/{export.file_name}"
    assert schedule.runs.get().delivered_as == name
    assert buckets.names() == sorted([f"portal/{export.file_path}", f"portal/{name}"])
    with kept_files.opened(name) as delivered, kept_files.opened(export.file_path) as ours:
        assert delivered.read() == ours.read()
    written = LedgerEntry.objects.get(action="export-download", actor=milo.pk)
    assert (written.file_sha256, written.row_count) == (export.file_sha256, 3)
    assert name in LedgerEntry.objects.get(action="schedule-run").details
    Export.objects.all().delete()
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        kept_files.discard_orphans()
    assert buckets.names() == [f"portal/{name}"]


def test_each_turn_is_delivered_also_where_nothing_changed(milo, turn, bucket, upstreams):
    upstreams.add_adobe_orders(CUSTOMER, [order(1, customerId=CUSTOMER)])
    schedule = a_file(milo)

    turn(0)
    turn(1)

    assert outcomes(schedule) == [("changed", ""), ("same", "")]
    assert len([name for name in buckets.names() if "/deliveries/" in name]) == 2


class Forgetful(ObjectStorage):
    """Loses the end of what is delivered, and says that all is well."""

    def _save(self, name, content):
        is_delivery = "deliveries" in name
        return super()._save(name, io.BytesIO(content.read()[:-1]) if is_delivery else content)


def test_a_place_that_does_not_take_it_is_a_failure_in_words(milo, turn, bucket, upstreams, settings):
    upstreams.add_adobe_orders(CUSTOMER, [order(1, customerId=CUSTOMER)])
    schedule = a_file(milo)
    entry = settings.STORAGES["exports"]
    settings.STORAGES = settings.STORAGES | {"exports": entry | {"BACKEND": f"{__name__}.Forgetful"}}

    (told,) = turn(0)

    assert outcomes(schedule) == [("failed", "not-delivered")]
    assert "could not be put where files are delivered" in told.body
    assert [name for name in buckets.names() if "/deliveries/" in name] == []


def test_whoever_lost_the_customers_meanwhile_has_nothing_delivered(
    milo, turn, bucket, upstreams, monkeypatch
):
    upstreams.add_adobe_orders(CUSTOMER, [order(1, customerId=CUSTOMER)])
    schedule = a_file(milo)
    deliver = delivering.deliver

    def loses_them_and_delivers(*given):
        Assignment.objects.all().delete()
        return deliver(*given)

    monkeypatch.setattr(delivering, "deliver", loses_them_and_delivers)

    turn(0)

    assert outcomes(schedule) == [("failed", "not-yours")]
    assert [name for name in buckets.names() if "/deliveries/" in name] == []


def test_the_choice_is_offered_where_files_are_kept_apart(milo, bucket, settings):
    browser = Client()
    browser.force_login(milo)
    sent = {"name": "Mornings", "every": "day", "at": "07:00", "delivers": "1", "file": "orders.csv"}

    assert Page(browser.get("/schedules/")).main.all("input", name="delivers")
    page = browser.post("/schedules/", {**sent, "what": "attention"})
    assert "Only a file can be delivered" in page.content.decode()
    browser.post("/schedules/", {**sent, "what": "file", "source": "adobe"})
    assert list(Schedule.objects.values_list("kind", "delivers")) == [("file", True)]

    settings.EXPORT_STORAGE_URL = ""
    settings.STORAGES = settings.STORAGES | {
        "exports": {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    }
    assert not Page(browser.get("/schedules/")).main.all("input", name="delivers")
    page = browser.post("/schedules/", {**sent, "what": "file", "source": "adobe"})
    assert page.status_code == 400
    assert keeping.schedules_of(milo).count() == 1
