"""That all processes of an installation have the same place for files: web servers, workers, all machines.

A directory is known by a marker in it, since the same path may be another disk on another machine; a bucket's
prefix by its address and a marker, since another installation may have been given the same. The first process
that starts writes down in the database which place is the installation's.
"""

import logging
import os
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import Error
from django.utils.translation import gettext

from orders.exports.jobs import kept_files, storage
from orders.exports.models import FilePlace

logger = logging.getLogger(__name__)

MARKER = ".installation"


class OtherPlace(Exception):
    """This process has another place for files than the rest of the installation; the words say so."""


def confirm(*, may_be_first: bool = True) -> None:
    """Raises `OtherPlace`. Where the database is away, or not migrated, nobody can know.

    Whoever `may_be_first` writes the place down where nobody has yet; who ends in a moment does not.
    """
    try:
        if settings.EXPORT_STORAGE_URL:
            _confirm_bucket(may_be_first=may_be_first)
            return
        known = FilePlace.objects.filter(pk=1).first()
        if known is None and not may_be_first:
            return
        if known is None:
            known, _ = FilePlace.objects.get_or_create(pk=1, defaults={"place": _directory(may_mark=True)})
    except Error:
        return
    if known.place != _directory(may_mark=False):
        raise OtherPlace(_words())


def adopt() -> str:
    """Make this process's place that of the installation; what it is called. A bucket is taken from whichever
    installation has marked it: that one deletes nothing there any more.
    """
    if settings.EXPORT_STORAGE_URL:
        ours = str(uuid4())
        FilePlace.objects.update_or_create(pk=1, defaults={"place": _bucket(ours)})
        _mark_bucket(ours)
        return str(settings.EXPORT_STORAGE_URL)
    FilePlace.objects.update_or_create(pk=1, defaults={"place": _directory(may_mark=True)})
    return str(settings.EXPORT_DIR)


def is_ours() -> bool:
    """Whether what nobody here knows of may be deleted there: not where others may have files."""
    if not settings.EXPORT_STORAGE_URL:
        return True
    known = FilePlace.objects.filter(pk=1).first()
    marker = _marker_of_bucket()
    return known is not None and bool(marker) and known.place == _bucket(marker or "")


def _confirm_bucket(*, may_be_first: bool) -> None:
    """A bucket that is away can't be looked into; then its address alone is compared."""
    marker = _marker_of_bucket()
    known = FilePlace.objects.filter(pk=1).first()  # after the marker, which is written after it
    if known is None:
        if not may_be_first:
            return
        if marker:
            raise OtherPlace(_words_of_another_installation())
        place = _bucket(str(uuid4()))
        known, _ = FilePlace.objects.get_or_create(pk=1, defaults={"place": place})
    address, _, ours = known.place.partition("#")
    if address != settings.EXPORT_STORAGE_URL:
        raise OtherPlace(_words())
    if not ours and not marker:  # written down before places in a bucket were marked
        FilePlace.objects.filter(pk=1, place=address).update(place=_bucket(str(uuid4())))
        ours = FilePlace.objects.get(pk=1).place.partition("#")[2]
    if marker == "":
        _mark_bucket(ours)
    elif marker is not None and marker != ours:
        raise OtherPlace(_words_of_another_installation())


def _bucket(marker: str) -> str:
    return f"{settings.EXPORT_STORAGE_URL}#{marker}"


def _marker_of_bucket() -> str | None:
    """Empty where there is none, None where nobody can know."""
    try:
        with kept_files.opened(MARKER) as file:
            return file.read(100).decode("ascii", "replace").strip()
    except FileNotFoundError:
        return ""
    except OSError as error:
        logger.warning("the place of files can't be looked into: %s", error)
        return None


def _mark_bucket(ours: str) -> None:
    try:
        kept_files.kept().save(MARKER, ContentFile(f"{ours}\n".encode(), name=MARKER))
    except OSError as error:
        logger.warning("the place of files can't be marked yet: %s", error)


def _directory(*, may_mark: bool) -> str:
    marker = storage.root() / MARKER
    if may_mark and not marker.exists():
        _mark(marker)
    return marker.read_text().strip() if marker.exists() else ""


def _mark(marker: Path) -> None:
    """Whole or not at all, and of two who do it at once the first."""
    unfinished = marker.with_name(f"{MARKER}.{uuid4().hex}")
    unfinished.write_text(f"{uuid4()}\n")
    try:
        os.link(unfinished, marker)
    except FileExistsError:
        pass
    finally:
        unfinished.unlink()


def _words_of_another_installation() -> str:
    return gettext(
        "EXPORT_STORAGE_URL names a place that another installation has marked as its own; they would delete "
        "each other's files. Give this one another prefix, or, if the other one is gone, run `manage.py "
        "adopt_files` once."
    )


def _words() -> str:
    remedy = gettext(
        "All web servers and workers must have the same. If it was moved on purpose, stop them all and run "
        "`manage.py adopt_files` once with the new settings."
    )
    if settings.EXPORT_STORAGE_URL:
        text = gettext(
            "EXPORT_STORAGE_URL names another place for files than the rest of this installation has."
        )
    else:
        text = gettext(
            "EXPORT_DIR (%(directory)s) is another directory than the rest of this installation has."
        )
        text %= {"directory": settings.EXPORT_DIR}
    return f"{text} {remedy}"
