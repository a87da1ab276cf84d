"""That all processes of an installation have the same place for files: web servers, workers, all machines.

A directory is known by a marker in it, since the same path may be another disk on another machine. The first
process that starts writes down in the database which place is the installation's.
"""

import os
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.db import Error
from django.utils.translation import gettext

from orders.exports.jobs import storage
from orders.exports.models import FilePlace

MARKER = ".installation"


class OtherPlace(Exception):
    """This process has another place for files than the rest of the installation; the words say so."""


def confirm(*, may_be_first: bool = True) -> None:
    """Raises `OtherPlace`. Where the database is away, or not migrated, nobody can know.

    Whoever `may_be_first` writes the place down where nobody has yet; who ends in a moment does not.
    """
    try:
        known = FilePlace.objects.filter(pk=1).first()
        if known is None and not may_be_first:
            return
        if known is None:
            known, _ = FilePlace.objects.get_or_create(pk=1, defaults={"place": _ours(may_mark=True)})
    except Error:
        return
    if known.place != _ours(may_mark=False):
        raise OtherPlace(_words())


def adopt() -> str:
    """Make this process's place that of the installation; what it is called."""
    ours = _ours(may_mark=True)
    FilePlace.objects.update_or_create(pk=1, defaults={"place": ours})
    return settings.EXPORT_STORAGE_URL or str(settings.EXPORT_DIR)


def _ours(*, may_mark: bool) -> str:
    if settings.EXPORT_STORAGE_URL:
        return str(settings.EXPORT_STORAGE_URL)
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
