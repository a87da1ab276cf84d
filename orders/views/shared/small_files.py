"""CSV files that are made while somebody waits: lists of the portal's own, a few thousand rows at most."""

import csv
import hashlib
import io
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from django.http import FileResponse

from orders.exports.engine.cell_values import csv_cell
from orders.presentation.columns import FileValue


class SmallFile:
    """`name` is the file's, without instant and ending; `sha256` stands in the ledger before it is sent."""

    def __init__(self, name: str, columns: Sequence[str], rows: Iterable[Sequence[FileValue]]) -> None:
        text = io.StringIO(newline="")
        writer = csv.writer(text)
        writer.writerow(columns)
        writer.writerows([csv_cell(value) for value in row] for row in rows)
        self._data = text.getvalue().encode()
        self._name = f"{name}_{datetime.now(UTC):%Y%m%dT%H%M%SZ}.csv"
        self.sha256 = hashlib.sha256(self._data).hexdigest()

    def answer(self) -> FileResponse:
        return FileResponse(
            io.BytesIO(self._data),
            as_attachment=True,
            filename=self._name,
            content_type="text/csv; charset=utf-8",
        )
