"""Where files are made: a directory for each export, in it one for each attempt, readable by us alone."""

import shutil
import time
from pathlib import Path

from django.conf import settings

from orders.exports.engine.spool import copy_of
from orders.exports.models import Export

_LONGEST_REQUEST = 3600.0  # seconds


def root() -> Path:
    directory = Path(settings.EXPORT_DIR)
    directory.mkdir(parents=True, mode=0o700, exist_ok=True)
    return directory


def directory_of(export: Export) -> Path:
    return root() / str(export.id)


def attempt_directory(export: Export, *, is_ours_alone: bool, is_shared: bool) -> Path:
    """The current attempt's, with what the one before it left.

    A worker that was taken for dead may still write to its own directory, so unless it `is_ours_alone`
    we work on a copy. What that worker does after this goes nowhere. Where each machine has a directory of
    its own, only the last attempt's may be gone on with: since an earlier one, others have read on elsewhere.
    """
    directory = directory_of(export) / str(export.attempts)
    earlier = sorted(number for number in _attempts(export) if number < export.attempts)
    usable = earlier if is_shared else [number for number in earlier if number == export.attempts - 1]
    if usable and not directory.exists():
        latest = directory_of(export) / str(usable[-1])
        if is_ours_alone:
            latest.rename(directory)
        else:
            copy_of(latest, directory)
    for number in earlier:
        discard(directory_of(export) / str(number))
    directory.mkdir(parents=True, mode=0o700, exist_ok=True)
    return directory


def latest_directory(export: Export, *, is_shared: bool) -> Path:
    """Of the last attempt; of the last that left anything, where all machines share the directory."""
    number = max(_attempts(export), default=0) if is_shared else export.attempts
    return directory_of(export) / str(number)


def _attempts(export: Export) -> set[int]:
    directory = directory_of(export)
    directory.mkdir(mode=0o700, exist_ok=True)
    return {int(path.name) for path in directory.iterdir() if path.name.isdecimal()}


def discard(directory: Path) -> None:
    shutil.rmtree(directory, ignore_errors=True)


def discard_spool(file: Path, *, is_kept_here: bool) -> None:
    """Everything of a finished file, but the file where it stays here."""
    for path in file.parent.iterdir():
        if path != file:
            path.unlink(missing_ok=True)
    if not is_kept_here:
        discard(file.parents[1])


def discard_leftovers(*, is_kept_here: bool) -> None:
    """The spools of complete files, where a worker was killed before it could do that itself."""
    for name in Export.objects.filter(state=Export.State.COMPLETE).values_list("file_path", flat=True):
        file = root() / name
        if file.is_file():
            discard_spool(file, is_kept_here=is_kept_here)


def discard_orphans() -> None:
    """What belongs to no export: its owner is gone, the process died within a request, or it is over and
    another machine, which has a directory of its own, was told so.
    """
    over = (Export.State.CANCELLED, Export.State.EXPIRED)
    known = {str(pk) for pk in Export.objects.exclude(state__in=over).values_list("pk", flat=True)}
    oldest = time.time() - _LONGEST_REQUEST
    for path in filter(Path.is_dir, root().iterdir()):
        if path.name not in known and path.stat().st_mtime < oldest:
            discard(path)
