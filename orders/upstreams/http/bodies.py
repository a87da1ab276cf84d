"""Takes an answer's whole body within bounds: no more than may be, no less than was announced."""

from urllib3.exceptions import DecodeError
from urllib3.response import BaseHTTPResponse

from orders.upstreams.http.network_failures import no_response_for
from orders.upstreams.http.retry_policy import NoResponse, Outcome, Response

_CHUNK = 1 << 16
_ERROR_BODY = 1 << 20  # of an answer that is an error anyhow, no more than this is read


def take(response: BaseHTTPResponse, max_body: int) -> Outcome:
    """The answer with its body decompressed, if that is at most `max_body` bytes.

    A longer one is not read; nothing that does not end as announced passes for an answer.
    """
    headers = {name.lower(): value for name, value in response.headers.items()}
    headers["x-request-id"] = ", ".join(response.headers.getlist("x-request-id"))  # one may be a gateway's
    status = response.status
    if status == 408:
        # Whoever gave up waiting for the request has not passed it on: the intent is unspent.
        response.close()
        response.release_conn()
        return NoResponse("timeout", "the request was not taken in time (HTTP 408)")
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
        return Response(status, headers, flaw="the answer could not be decompressed")
    # Everything else that goes wrong here is the connection's doing.
    except Exception as error:
        return no_response_for(error, in_body=True)
    finally:
        # After a complete body the connection is in the pool already; otherwise it ends here.
        response.close()
        response.release_conn()
    if body is None:
        return Response(status, headers, flaw=f"the answer is longer than {limit:,} bytes")
    if not body and status == 200 and declared is None and not response.chunked:
        # A connection that ends within the headers looks like an answer without a body.
        return NoResponse("unreadable", "the answer was cut short")
    return Response(status, headers, body)


def _read_up_to(limit: int, response: BaseHTTPResponse) -> bytes | None:
    chunks, size = [], 0
    while chunk := response.read(_CHUNK, decode_content=True):
        size += len(chunk)
        if size > limit:
            return None
        chunks.append(chunk)
    return b"".join(chunks)
