"""Finished files: where they lie until they expire, by Django's storage API (`STORAGES["exports"]`).

Without `EXPORT_STORAGE_URL` a file stays where it was made, in the directory that all processes share. With
it only the spool lies there, and a finished file is moved to the bucket. Its name is the same in both: the
export's ID, the number of the attempt that made it, and `file.csv`. So no two workers write the same one.
"""

import hashlib
import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import timedelta
from pathlib import Path, PurePath
from typing import IO, Any
from uuid import UUID

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, Storage, storages
from django.utils import timezone

from orders.exports.engine.file_builder import BuiltFile
from orders.exports.jobs import storage
from orders.exports.models import Export

logger = logging.getLogger(__name__)

_BETWEEN_SIGNS = 0.3  # seconds
_READ_AT_ONCE = 2**20
_ORPHANED_AFTER = timedelta(hours=2)


class NotKept(Exception):
    """The file is made, and could not be put where files are kept."""


def kept() -> Storage:
    return storages["exports"]


def lie_apart() -> bool:
    """Whether finished files lie elsewhere than they are made."""
    return not isinstance(kept(), FileSystemStorage)


def name_of(path: Path) -> str:
    return str(path.relative_to(storage.root()))


def opened(name: str) -> IO[bytes]:
    """At its start. Raises `OSError`, and `FileNotFoundError` where it is not there."""
    file: IO[bytes] = kept().open(name)
    return file


def handing_over(built: BuiltFile) -> Iterator[None]:
    """Put the file where it is kept, and read it there again, with a step now and then meanwhile.

    Raises `NotKept`; whoever stops in between leaves nothing there.
    """
    if not lie_apart():
        return
    name = name_of(built.path)
    with ThreadPoolExecutor(1, thread_name_prefix="hand-over") as pool:
        moving = pool.submit(_hand_over, built, name)
        try:
            while not moving.done():
                wait([moving], timeout=_BETWEEN_SIGNS)
                yield
            moving.result()
        except OSError as error:
            raise NotKept from error
        except BaseException:
            wait([moving])
            _delete(name)
            raise


def _hand_over(built: BuiltFile, name: str) -> None:
    with built.path.open("rb") as file:
        put(name, file, size=built.size, sha256=built.sha256)


def put(name: str, file: IO[bytes], *, size: int, sha256: str) -> None:
    """Store it under exactly this name, in place of what an interrupted attempt left, and read it there
    again. Raises `OSError`; then nothing is there.
    """
    try:
        kept().delete(name)
        given = kept().save(name, File(file, name=PurePath(name).name))
        if (given, kept().size(name), _sha256(name)) != (name, size, sha256):
            raise OSError("what was stored is not what was made")
    except OSError:
        _delete(name)
        raise


def _sha256(name: str) -> str:
    digest = hashlib.sha256()
    with opened(name) as file:
        while data := file.read(_READ_AT_ONCE):
            digest.update(data)
    return digest.hexdigest()


def discard(export: Export, *, keep: str = "") -> None:
    """Delete all that there is of an export, here and where files are kept, but the file to `keep`."""
    if not keep:
        storage.discard(storage.directory_of(export))
    if not lie_apart():
        return
    try:
        for name in _files_of(str(export.pk)):
            if name != keep:
                kept().delete(name)
    except OSError:  # it is found again as one of nobody's files
        logger.exception("files of export %s can't be deleted yet", export.pk)


def discard_orphans() -> None:
    """Stored files of exports that have none: deleted in vain, or their worker died before it said so."""
    if not lie_apart():
        return
    having = {str(pk) for pk in Export.objects.exclude(file_path="").values_list("pk", flat=True)}
    having |= {
        str(pk) for pk in Export.objects.filter(state=Export.State.RUNNING).values_list("pk", flat=True)
    }
    oldest = timezone.now() - _ORPHANED_AFTER
    try:
        for directory in kept().listdir("")[0]:
            for name in _files_of(directory) if _is_nobodys(directory, having) else ():
                if kept().get_modified_time(name) < oldest:
                    kept().delete(name)
    except OSError:
        logger.exception("nobody's files can't be looked for")


def _is_nobodys(directory: str, having: set[str]) -> bool:
    """What is not named as we name things is somebody else's, in a place that is shared with them."""
    try:
        return str(UUID(directory)) == directory and directory not in having
    except ValueError:
        return False


def _files_of(export: str) -> list[str]:
    attempts = kept().listdir(export)[0]
    return [f"{export}/{each}/{file}" for each in attempts for file in kept().listdir(f"{export}/{each}")[1]]


def _delete(name: str) -> Any:
    try:
        kept().delete(name)
    except OSError:
        logger.exception("%s can't be deleted yet", name)
