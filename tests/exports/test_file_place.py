"""All processes of an installation have one place for files; who has another does not start, and says so."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from orders.exports.jobs import file_place
from tests.exports.workers import environment
from tests.processes import output_of, run_python

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _first(export_dir):
    """A process that stays has started with the test's directory."""
    file_place.confirm()


def start_worker() -> None:
    call_command("run_worker", until_idle=True)


def test_a_worker_with_another_directory_refuses_to_start_until_it_is_adopted(settings, tmp_path):
    settings.EXPORT_DIR = tmp_path / "of another machine"
    with pytest.raises(CommandError, match=r"EXPORT_DIR \(.*of another machine\) is another directory than"):
        start_worker()
    call_command("adopt_files", stdout=StringIO())
    start_worker()

    settings.EXPORT_DIR = tmp_path / "exports"
    with pytest.raises(CommandError, match=r"`manage.py adopt_files`"):
        start_worker()


def test_the_same_directory_by_another_path_is_the_same(settings, tmp_path):
    (tmp_path / "mounted").symlink_to(settings.EXPORT_DIR)

    settings.EXPORT_DIR = tmp_path / "mounted"

    start_worker()


def test_a_bucket_is_another_place_than_a_directory(settings):
    settings.EXPORT_STORAGE_URL = "s3://bucket/portal"

    with pytest.raises(file_place.OtherPlace, match="EXPORT_STORAGE_URL names another place"):
        file_place.confirm()


def test_a_web_server_with_another_directory_refuses_to_start(tmp_path):
    database = f"sqlite:///{tmp_path / 'portal.sqlite3'}"
    one = environment(database, tmp_path / "one", "http://127.0.0.1:9")
    output_of("manage.py", "migrate", "--verbosity", "0", environment=one)
    output_of("-c", "import orders_portal.wsgi", environment=one)

    other = run_python(
        "-c", "import orders_portal.wsgi", environment=one | {"EXPORT_DIR": str(tmp_path / "two")}
    )

    assert other.returncode != 0
    assert "two) is another directory than the rest of this installation has." in other.stderr
