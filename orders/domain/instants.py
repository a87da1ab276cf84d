"""Points in time: read leniently from upstreams, written as ISO 8601 UTC with `Z`."""

from datetime import UTC, datetime

import msgspec

_write = msgspec.json.Encoder().encode


def parse_instant(value: object) -> datetime | None:
    """An upstream's time stamp as an aware UTC `datetime`, or None for anything unreadable.

    Offsets, milliseconds and minute-only forms occur; a stamp without a zone is taken as UTC.
    """
    if not isinstance(value, str) or not value:
        return None
    try:
        parsed = datetime.fromisoformat(value.strip())
        if parsed.tzinfo is UTC:  # the usual case, and there are millions
            return parsed
        return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def zulu(moment: datetime) -> str:
    """`2026-01-31T23:59:59Z`; milliseconds only where there are any."""
    if moment.tzinfo is UTC and not moment.microsecond:
        # The usual case, and there are millions: msgspec writes the same in a quarter of the time.
        return _write(moment)[1:-1].decode()
    text = moment.astimezone(UTC).isoformat(timespec="milliseconds" if moment.microsecond else "seconds")
    return text.removesuffix("+00:00") + "Z"
