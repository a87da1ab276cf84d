"""Takes an answer's whole body within bounds: no more than may be, no less than was announced."""

from urllib3.exceptions import DecodeError
from urllib3.response import BaseHTTPResponse

from orders.upstreams.failures import silence_for
from orders.upstreams.verdicts import Outcome, Reply, Silence

_CHUNK = 1 << 16
_ERROR_BODY = 1 << 20  # of an answer that is an error anyhow, no more than this is read


def take(response: BaseHTTPResponse, max_body: int) -> Outcome:
    """The answer with its body decompressed, if that is at most `max_body` bytes.

    A longer one is not read; nothing that does not end as announced passes for an answer.
    """
    headers = {name.lower(): value for name, value in response.headers.items()}
    status = response.status
    limit = max_body if status == 200 else min(max_body, _ERROR_BODY)
    declared = response.length_remaining
    try:
        if declared is not None and declared > limit:
            body = None
        elif declared is not None and "content-encoding" not in headers:
            body = response.read()
        else:
            body = _read_up_to(limit, response)
    except DecodeError:
        return Reply(status, headers, flaw="the answer could not be decompressed")
    # Everything else that goes wrong here is the connection's doing.
    except Exception as error:
        return silence_for(error, in_body=True)
    finally:
        # After a complete body the connection is in the pool already; otherwise it ends here.
        response.close()
        response.release_conn()
    if body is None:
        return Reply(status, headers, flaw=f"the answer is longer than {limit:,} bytes")
    if not body and status == 200 and declared is None and not response.chunked:
        # A connection that ends within the headers looks like an answer without a body.
        return Silence("unreadable", "the answer was cut short")
    return Reply(status, headers, body)


def _read_up_to(limit: int, response: BaseHTTPResponse) -> bytes | None:
    chunks, size = [], 0
    while chunk := response.read(_CHUNK, decode_content=True):
        size += len(chunk)
        if size > limit:
            return None
        chunks.append(chunk)
    return b"".join(chunks)
