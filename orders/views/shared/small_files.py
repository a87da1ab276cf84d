"""CSV files of the portal's own lists, made while somebody waits: whole before any of it is sent."""

import csv
import hashlib
import io
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from tempfile import SpooledTemporaryFile
from types import TracebackType
from typing import IO, Self

from django.http import FileResponse

from orders.exports.engine.cell_values import csv_cell
from orders.presentation.columns import FileValue

_IN_MEMORY = 2**20  # bytes; a longer file waits on the disk


class SmallFile:
    """`name` is the file's, without instant and ending; `sha256` stands in the ledger before it is sent.

    As a context it is closed where what is done before it is sent fails; else the answer closes it.
    """

    def __init__(self, name: str, columns: Sequence[str], rows: Iterable[Sequence[FileValue]]) -> None:
        self._spool: IO[bytes] = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  (the answer closes it)
        self._name = f"{name}_{datetime.now(UTC):%Y%m%dT%H%M%SZ}.csv"
        digest, self.row_count = hashlib.sha256(), -1  # the columns' names are no row
        line = io.StringIO(newline="")
        writer = csv.writer(line)
        with ExitStack() as where_a_row_fails:
            where_a_row_fails.callback(self._spool.close)
            for row in _with_columns(columns, rows):
                writer.writerow(row)
                written = line.getvalue().encode()
                line.seek(0)
                line.truncate()
                self._spool.write(written)
                digest.update(written)
                self.row_count += 1
            self._spool.seek(0)
            where_a_row_fails.pop_all()
        self.sha256 = digest.hexdigest()

    def answer(self) -> FileResponse:
        return FileResponse(
            self._spool,
            as_attachment=True,
            filename=self._name,
            content_type="text/csv; charset=utf-8",
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, failure: type[BaseException] | None, _: BaseException | None, __: TracebackType | None
    ) -> None:
        if failure is not None:
            self._spool.close()


def _with_columns(
    columns: Sequence[str], rows: Iterable[Sequence[FileValue]]
) -> Iterable[Sequence[FileValue]]:
    yield columns
    for row in rows:
        yield [csv_cell(value) for value in row]
