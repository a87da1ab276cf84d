"""Django's storage over a bucket of S3, or of whatever speaks its language.

The library's own reads a whole object before it gives the first byte; this one reads what is asked for. What
goes wrong is an `OSError`, as with a directory.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
from django.core.files.base import File
from storages.backends.s3 import S3Storage
from urllib3.exceptions import HTTPError

_BUFFER = 2**18
# Seconds; and tries of each request, the first one included.
_CONNECT, _READ, _TRIES = 3, 20, 3


@contextmanager
def _told_as_os_error() -> Iterator[None]:
    """The library's words may hold an address with a signature; its kind is enough."""
    try:
        yield
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "")
        kind = FileNotFoundError if code in {"404", "NoSuchKey"} else OSError
        raise kind(f"the object storage said {code}") from None
    except (BotoCoreError, HTTPClientError, HTTPError) as error:
        raise OSError(f"the object storage can't be asked: {type(error).__name__}") from None


class _Object(io.RawIOBase):
    """An object's bytes, from wherever they are wanted on, by one request for each place."""

    def __init__(self, found: Any) -> None:
        self._object, self._size, self._at = found, found.content_length, 0
        self._body: Any = None

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return int(self._at)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        if start + offset != self._at:
            self._let_go()
            self._at = start + offset
        return int(self._at)

    def readinto(self, buffer: Any) -> int:
        if self._at >= self._size:
            return 0
        with _told_as_os_error():
            if self._body is None:
                self._body = self._object.get(Range=f"bytes={self._at}-")["Body"]
            data = self._body.read(len(buffer))
        if not data:
            raise OSError("the object storage's answer ended early")
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)

    def close(self) -> None:
        self._let_go()
        super().close()

    def _let_go(self) -> None:
        if self._body is not None:
            self._body.close()
            self._body = None


class ObjectStorage(S3Storage):
    """`s3://bucket/prefix`."""

    def __init__(self, **options: Any) -> None:
        retries = {"mode": "standard", "total_max_attempts": _TRIES}
        style = {"addressing_style": "path"} if options.get("endpoint_url") else None
        config = Config(connect_timeout=_CONNECT, read_timeout=_READ, retries=retries, s3=style)
        super().__init__(client_config=config, **options)

    def _open(self, name: str, mode: str = "rb") -> "File[bytes]":
        with _told_as_os_error():
            found = self.bucket.Object(self._normalize_name(name))
            found.load()
        return File(io.BufferedReader(_Object(found), _BUFFER), name)

    def _save(self, name: str, content: Any) -> str:
        with _told_as_os_error():
            return str(super()._save(name, content))

    def size(self, name: str) -> int:
        with _told_as_os_error():
            return int(super().size(name))

    def delete(self, name: str) -> None:
        with _told_as_os_error():
            super().delete(name)

    def listdir(self, name: str) -> tuple[list[str], list[str]]:
        with _told_as_os_error():
            directories, files = super().listdir(name)
        return directories, files

    def get_modified_time(self, name: str) -> Any:
        with _told_as_os_error():
            return super().get_modified_time(name)
