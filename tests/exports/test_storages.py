"""Finished files are kept, given and deleted alike in the shared directory and in a bucket."""

import io
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from orders import exports
from orders.exports.jobs import file_place, kept_files, upkeep
from orders.exports.models import Export, FilePlace
from orders.infrastructure.object_storage import ObjectStorage
from tests.exports import buckets
from tests.exports.results import (
    content,
    export_now,
    give,
    ids,
    made,
    offsets,
    request_export,
    rows,
    sent,
)

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("bucket")]


@pytest.fixture(params=["directory", "bucket"])
def place(request):
    if request.param == "bucket":
        request.getfixturevalue("bucket")
    return request.param


def order_ids(data: bytes) -> list[str]:
    return [row["orderId"] for row in rows(data)]


def on_disk(directory) -> list[str]:
    return sorted(path.name for path in directory.rglob("*") if path.is_file())


def test_a_file_is_kept_given_and_deleted_wherever_it_lies(upstreams, agent, place, export_dir):
    give(upstreams, 250)

    export, at_once = made(request_export(agent)), export_now()

    name = f"{export.pk}/1/file.csv"
    assert (export.state, export.file_path, order_ids(content(export))) == ("complete", name, ids(250))
    assert order_ids(at_once.data) == ids(250)
    if place == "bucket":
        others = f"portal/{at_once.export.pk}/1/file.csv"
        assert (buckets.names(), on_disk(export_dir)) == (sorted([f"portal/{name}", others]), [])
    else:
        assert on_disk(export_dir) == ["file.csv", "file.csv"]

    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        upkeep.clean()

    export.refresh_from_db()
    assert (export.state, on_disk(export_dir)) == ("expired", [])
    assert place == "directory" or buckets.names() == []


def test_a_download_is_the_file_with_its_length_and_any_part_of_it_can_be_read(upstreams, agent, place):
    give(upstreams, 250)
    export = made(request_export(agent))
    client = Client()
    client.force_login(agent)

    response = client.get(f"/exports/{export.pk}/file/")

    data = sent(response)
    assert (response.status_code, response["Content-Length"]) == (200, str(len(data)))
    assert order_ids(data) == ids(250)
    with exports.open_file(export, agent) as file:
        assert (file.seek(-20, io.SEEK_END), file.read()) == (len(data) - 20, data[-20:])
        assert (file.seek(100), file.read(10), file.read(5)) == (100, data[100:110], data[110:115])


def test_an_unfinished_file_is_offered_and_completed_in_either_place(upstreams, agent, place, hurried):
    give(upstreams, 250)
    upstreams.script("adobe", ["normal", "normal", *[503] * 9], customer_id="1000555000")
    export = made(request_export(agent))
    upstreams.clear_faults()
    assert export.state == "failed"

    exports.offer_what_there_is(export)
    assert (export.state, order_ids(content(export))) == ("partial", ids(export.orders_done))
    exports.fetch_rest(export)
    made(export)

    assert (export.state, order_ids(content(export))) == ("complete", ids(250))
    assert place == "directory" or buckets.names() == [f"portal/{export.file_path}"]


def test_what_there_is_lies_with_the_worker_that_stopped(
    upstreams, agent, bucket, hurried, settings, tmp_path
):
    give(upstreams, 250)
    upstreams.script("adobe", ["normal", "normal", *[503] * 9], customer_id="1000555000")
    export = made(request_export(agent))
    upstreams.clear_faults()

    settings.EXPORT_DIR = tmp_path / "another machine"
    with pytest.raises(exports.NotOnThisDisk):
        exports.offer_what_there_is(export)
    exports.fetch_rest(export)
    made(export)

    assert (export.state, order_ids(content(export))) == ("complete", ids(250))


def test_pages_that_another_machine_has_read_since_are_not_taken_from_an_older_attempt(
    upstreams, agent, bucket, hurried, settings, tmp_path
):
    give(upstreams, 250)
    here, there = settings.EXPORT_DIR, tmp_path / "another machine"
    upstreams.script("adobe", ["normal", "normal", *[503] * 9], customer_id="1000555000")
    export = made(request_export(agent))
    settings.EXPORT_DIR = there
    exports.fetch_rest(export)
    upstreams.clear_faults()
    upstreams.script("adobe", ["normal", "normal", *[503] * 9], customer_id="1000555000")
    made(export)
    upstreams.clear_faults()
    assert (export.state, export.pages_done > 0) == ("failed", True)
    settings.EXPORT_DIR = here
    with pytest.raises(exports.NotOnThisDisk):
        exports.offer_what_there_is(export)
    upstreams.clear_log()

    exports.fetch_rest(export)
    made(export)

    assert (export.state, order_ids(content(export))) == ("complete", ids(250))
    assert min(offsets(upstreams)) == 0


class Forgetful(ObjectStorage):
    """Loses the end of what it is given, and says that all is well."""

    def _save(self, name, content):
        return super()._save(name, io.BytesIO(content.read()[:-1]))


def test_what_is_not_stored_as_it_was_made_is_not_offered(upstreams, agent, bucket, settings):
    give(upstreams, 10)
    entry = settings.STORAGES["exports"]
    settings.STORAGES = settings.STORAGES | {"exports": entry | {"BACKEND": f"{__name__}.Forgetful"}}

    export = made(request_export(agent))

    assert (export.state, export.file_path, buckets.names()) == ("failed", "", [])
    assert "the place where files are kept does not take it" in export.error_message


def test_a_bucket_that_is_away_is_said_in_words(upstreams, agent, bucket, settings):
    give(upstreams, 10)
    export = made(request_export(agent))
    entry = settings.STORAGES["exports"]
    nobody = entry["OPTIONS"] | {"endpoint_url": "http://127.0.0.1:9"}
    settings.STORAGES = settings.STORAGES | {"exports": entry | {"OPTIONS": nobody}}
    client = Client()
    client.force_login(agent)

    page = client.get(f"/exports/{export.pk}/file/", headers={"accept": "text/html"})

    assert page.status_code == 503
    assert "the place where files are kept does not give it" in page.content.decode()


def test_what_others_keep_in_the_same_place_stays(upstreams, agent, bucket):
    kept_files.kept().save("backups/2026/orders.sql", ContentFile(b"theirs"))

    with time_machine.travel(timezone.now() + timedelta(hours=3)):
        kept_files.discard_orphans()

    assert buckets.names() == ["portal/backups/2026/orders.sql"]


def test_stored_files_of_nobody_are_deleted_after_a_while(upstreams, agent, bucket):
    give(upstreams, 10)
    export = made(request_export(agent))
    Export.objects.filter(pk=export.pk).delete()

    kept_files.discard_orphans()
    assert buckets.names() == [f"portal/{export.file_path}"]
    with time_machine.travel(timezone.now() + timedelta(hours=3)):
        kept_files.discard_orphans()

    assert buckets.names() == []


def place_of(path):
    """As a process of an installation with its own database finds it at its start."""
    FilePlace.objects.all().delete()
    if path:
        FilePlace.objects.create(pk=1, place=path)


def test_two_installations_with_one_prefix_do_not_delete_each_others_files(upstreams, agent, bucket):
    give(upstreams, 10)
    file_place.confirm()
    first = FilePlace.objects.get().place
    export = made(request_export(agent))
    name = f"portal/{export.file_path}"
    Export.objects.filter(pk=export.pk).delete()  # to the other installation it is nobody's

    place_of("")
    with pytest.raises(file_place.OtherPlace, match="another installation has marked as its own"):
        file_place.confirm()
    for place in ("", f"{buckets.URL}#{uuid4()}", buckets.URL):
        place_of(place)
        with time_machine.travel(timezone.now() + timedelta(hours=3)):
            upkeep.clean()
        assert name in buckets.names()

    place_of(first)
    file_place.confirm()
    with time_machine.travel(timezone.now() + timedelta(hours=3)):
        upkeep.clean()
    assert name not in buckets.names()


def test_a_bucket_is_marked_once_however_many_start_and_can_be_adopted(bucket):
    for _ in range(2):
        file_place.confirm()
    first = FilePlace.objects.get().place
    assert first == f"{buckets.URL}#{marker()}"

    place_of("")
    call_command("adopt_files", stdout=io.StringIO())
    file_place.confirm()
    assert FilePlace.objects.get().place == f"{buckets.URL}#{marker()}" != first

    place_of(first)
    with pytest.raises(file_place.OtherPlace):
        file_place.confirm()


def test_an_installation_from_before_there_were_markers_marks_its_bucket(bucket):
    place_of(buckets.URL)

    file_place.confirm()

    assert FilePlace.objects.get().place == f"{buckets.URL}#{marker()}"


def marker():
    with kept_files.opened(file_place.MARKER) as file:
        return file.read().decode().strip()


def test_a_bucket_that_is_away_keeps_nobody_from_starting_and_nothing_is_deleted(bucket, settings):
    file_place.confirm()
    entry = settings.STORAGES["exports"]
    nobody = entry["OPTIONS"] | {"endpoint_url": "http://127.0.0.1:9"}
    settings.STORAGES = settings.STORAGES | {"exports": entry | {"OPTIONS": nobody}}

    file_place.confirm()

    assert not file_place.is_ours()
