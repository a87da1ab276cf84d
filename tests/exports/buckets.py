"""A small server that speaks S3, and how a test has files kept there."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.files.storage import storages
from moto.server import ThreadedMotoServer

from orders_portal.file_storage import storage_of_files

URL = "s3://files-of-tests/portal"
KEY = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing-secret"}


@contextmanager
def serving() -> Iterator[str]:
    """Its address; it has the bucket."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    try:
        yield f"http://{host}:{port}"
    finally:
        server.stop()


def bucket() -> Any:
    store: Any = storages["exports"]
    return store.bucket


def keep_in(settings: Any, endpoint: str) -> None:
    """Have this test's files kept in an empty bucket there."""
    settings.EXPORT_STORAGE_URL = URL
    settings.STORAGES = settings.STORAGES | {"exports": storage_of_files(URL, endpoint, KEY)}
    if bucket().creation_date is None:
        bucket().create()
    bucket().objects.all().delete()


def names() -> list[str]:
    """Of all that is in the bucket."""
    return sorted(each.key for each in bucket().objects.all())
