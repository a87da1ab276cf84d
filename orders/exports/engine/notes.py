"""What could not be had of several customers, kept beside their rows: a line for each, on the disk."""

import os
from collections.abc import Sequence
from pathlib import Path

import msgspec

from orders.exports.engine.spool import NOTES


class Note(msgspec.Struct, frozen=True):
    """Of the customer at this place: sentences, and whether nothing of them is there."""

    place: int
    said: tuple[str, ...]
    is_lost: bool = False


class Notes:
    """Those of the first so many customers are kept of what is there already."""

    def __init__(self, directory: Path, *, places: int) -> None:
        self._path = directory / NOTES
        lines = self._path.read_bytes().splitlines() if self._path.exists() else []
        # A worker that was killed may have left half a line at the end, of a customer who isn't kept.
        self.all = [note for line in lines if (note := _read(line)) is not None and note.place < places]
        self._rewrite()

    @property
    def sentences(self) -> tuple[str, ...]:
        return tuple(said for note in self.all for said in note.said)

    def add(self, place: int, said: Sequence[str], *, is_lost: bool = False) -> None:
        note = Note(place, tuple(said), is_lost)
        self.all.append(note)
        with self._path.open("ab") as file:
            file.write(msgspec.json.encode(note) + b"\n")

    def rewind(self, places: int) -> None:
        """Forget all but those of the first so many customers."""
        self.all = [note for note in self.all if note.place < places]
        self._rewrite()

    def sync(self) -> None:
        with self._path.open("ab") as file:
            os.fsync(file.fileno())

    def _rewrite(self) -> None:
        handle = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.writelines(msgspec.json.encode(note) + b"\n" for note in self.all)


def _read(line: bytes) -> Note | None:
    try:
        return msgspec.json.decode(line, type=Note)
    except msgspec.DecodeError:
        return None
