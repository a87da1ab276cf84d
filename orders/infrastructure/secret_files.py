"""Secrets that stand in files are read again when a file has changed: a new one needs no restart.

`NAME_FILE` in the environment says where; the settings keep the places in `SECRET_FILES`, each with the
upstream and the field that it is for, or with the name of a setting of its own.
"""

import logging
import os
import threading
from pathlib import Path
from time import monotonic

from django.conf import settings

from orders.domain.redaction import process_redactor

logger = logging.getLogger(__name__)

LOOK_EVERY = 5.0  # seconds
_lock = threading.Lock()
_stamps: dict[str, tuple[int, int, int]] = {}
_version = 0
next_look = 0.0  # by `monotonic`


def version() -> int:
    """A number that grows with every change that was found; the files are looked at now and then."""
    global next_look
    if settings.SECRET_FILES and monotonic() >= next_look:
        with _lock:
            next_look = monotonic() + LOOK_EVERY
            for variable, place in settings.SECRET_FILES.items():
                _look(variable, *place)
    return _version


def _look(variable: str, path: str, upstream: str, field: str) -> None:
    global _version
    try:
        found = os.stat(path)
        stamp = (found.st_mtime_ns, found.st_size, found.st_ino)
        if _stamps.get(path) == stamp:
            return
        value = Path(path).read_text().strip()
    except (OSError, UnicodeDecodeError) as error:
        logger.warning("%s can't be read again: %s", variable, type(error).__name__)
        return
    _stamps[path] = stamp
    current = settings.UPSTREAMS[upstream].get(field) if upstream else getattr(settings, field)
    # A file that is being written may be empty for a moment; what there was stays until something comes.
    if not value or value == current or not value.isprintable():
        return
    process_redactor().add(value, lasting=True)
    if upstream:
        settings.UPSTREAMS[upstream][field] = value
    else:
        setattr(settings, field, value)
    _version += 1
    logger.info("%s was read anew", variable)
