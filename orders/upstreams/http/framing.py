"""Where one HTTP answer ends on its connection, and whether another may follow it there.

http.client is lenient where it costs: it takes `103 Early Hints` for the answer itself, and forgets what
came behind an answer. On a connection that is used again, either hands one question's answer to the next
(RFC 9110 section 15.2, RFC 9112 sections 6.3 and 9.2).
"""

import re
import socket
import ssl
from http.client import BadStatusLine, HTTPException, HTTPResponse, parse_headers
from typing import Any

_MOST_INTERIM_ANSWERS = 20
_LENGTH = re.compile(r"[0-9]{1,18}")
_LONGEST_CHUNK_LINE = 4096
_CHUNK_SIZE = re.compile(rb"[0-9A-Fa-f]{1,15}")


class AmbiguousLength(HTTPException):
    """Nobody can say where this answer ends."""


class FramedResponse(HTTPResponse):
    """An answer that knows its own end."""

    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self._socket = sock
        self._is_said_once = False
        self._met_last_chunk = False
        self._stayed_silent = False

    @property
    def may_be_followed(self) -> bool:
        """Whether it ended exactly as announced and nothing came behind it, so far. Any doubt is a no."""
        return (
            self._is_said_once
            and self._stayed_silent
            and self.status == 200
            and self.version == 11
            and not self.will_close
            and (self._met_last_chunk if self.chunked else self.length == 0)
        )

    def begin(self) -> None:
        super().begin()
        lengths, codings = self._listed("content-length"), self._listed("transfer-encoding")
        if len(set(lengths)) > 1 or not all(map(_LENGTH.fullmatch, lengths)):
            raise AmbiguousLength("Content-Length")
        if codings not in ([], ["chunked"], ["identity"]):
            raise AmbiguousLength("Transfer-Encoding")
        # An empty answer is never one that was asked for: what it lacks may still be on its way.
        self._is_said_once = len(lengths) + len(codings) == 1 and lengths != ["0"]
        if lengths and self.length is None and not self.chunked:
            self.length = int(lengths[0])  # said twice, which http.client does not read

    def _listed(self, name: str) -> list[str]:
        values = self.headers.get_all(name) or []
        return [part.strip().lower() for value in values for part in str(value).split(",")]

    # The rest are http.client's own steps, each made as strict as the standard.

    def _read_status(self) -> tuple[str, int, str]:
        for _ in range(_MOST_INTERIM_ANSWERS):
            version, status, reason = super()._read_status()  # type: ignore[misc]  # not in its stub
            if not 100 <= status < 200 or status == 101:
                return version, status, reason
            parse_headers(self.fp)  # of an interim answer; the answer itself is still to come
        raise BadStatusLine("interim answers without an end")

    def _read_next_chunk_size(self) -> int:
        # Python's own reading of a number takes `-1` too, which would be a chunk without bounds.
        line = self.fp.readline(_LONGEST_CHUNK_LINE)
        size = line.partition(b";")[0].strip()
        if not line.endswith(b"\n") or not _CHUNK_SIZE.fullmatch(size):
            self._close_conn()
            raise ValueError("not a chunk's size")
        return int(size, 16)

    def _read_and_discard_trailer(self) -> None:
        super()._read_and_discard_trailer()  # type: ignore[misc]  # not in its stub
        self._met_last_chunk = True

    def _close_conn(self) -> None:
        if self._is_said_once and not self.will_close:
            self._stayed_silent = self._is_silent()
        super()._close_conn()  # type: ignore[misc]  # not in its stub

    def _is_silent(self) -> bool:
        """Looks into the buffer, which goes with this answer, and then at the socket; waits for nothing."""
        timeout = self._socket.gettimeout()
        try:
            self._socket.settimeout(0)
            return not self.fp.peek(1)
        except ssl.SSLWantReadError:  # a TLS session's own records, at most
            return True
        except (OSError, ValueError):
            return False
        finally:
            self._socket.settimeout(timeout)
