"""A finished file as it is sent: whole, with its length and its hash."""

import base64
from typing import IO

from django.http import FileResponse

from orders.exports.engine.formats import format_of
from orders.exports.models import Export

# Seconds after which a script asks again for a file that is being made: at least, by default, at most.
POLL_AFTER = (2, 5, 30)


def send_file(export: Export, opened: IO[bytes]) -> FileResponse:
    """`opened` is the export's file at its start; whoever opened it wrote the download down."""
    response = FileResponse(
        opened,
        as_attachment=True,
        filename=export.file_name,
        content_type=format_of(export.format, export.dialect).content_type,
    )
    response.headers["Content-Length"] = str(export.file_size or 0)
    # RFC 9530 for programs, and the same as `sha256sum` prints it.
    digest = base64.b64encode(bytes.fromhex(export.file_sha256)).decode()
    response.headers["Repr-Digest"] = f"sha-256=:{digest}:"
    response.headers["X-File-SHA256"] = export.file_sha256
    response.headers["Cache-Control"] = "no-store"
    if export.unreadable:
        response.headers["X-Unreadable-Values"] = "; ".join(
            f"{column}={count}" for column, count in export.unreadable.items()
        )
    return response


def seconds_to_wait(seconds_left: float | None) -> int:
    """When to ask again for a file that is done in about so many seconds."""
    least, usual, most = POLL_AFTER
    return usual if seconds_left is None else round(min(max(seconds_left, least), most))
