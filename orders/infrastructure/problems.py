"""What went wrong, as a script reads it: `application/problem+json` of RFC 9457.

Everything below `/api/` answers like that, whoever refuses: a page's own code, the middleware, Django itself.
"""

import msgspec
from django.http import HttpRequest, HttpResponse

BELOW = "/api/"
CONTENT_TYPE = "application/problem+json"

# What a status means where nothing more is known.
CAUSES = {401: "unauthenticated", 403: "forbidden", 404: "not-found", 410: "not-found", 429: "limit"}


class Problem(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """`cause` is a word of the pages' `data-error`, or `unauthenticated`, `forbidden` or `limit`.

    `source`, `request_id` and `correlation_id` are null where no upstream was asked; `upstream_code` and
    `upstream_message` are what it said itself. `errors` names what is wrong by parameter. `retry` is an
    address that asks once more with the same correlation ID, where an upstream did not answer. `instance` is
    the ID by which the portal's log knows this request.
    """

    title: str
    status: int
    cause: str
    type: str = "about:blank"
    detail: str | None = None
    instance: str | None = None
    source: str | None = None
    request_id: str | None = None
    correlation_id: str | None = None
    upstream_code: str | None = None
    upstream_message: str | None = None
    errors: dict[str, list[str]] = msgspec.field(default_factory=dict)
    retry: str | None = None


def is_for_scripts(request: HttpRequest) -> bool:
    """Whether what is asked for is an address of the interface for scripts, be there such a one or not."""
    return request.path_info.startswith(BELOW)


def answer(request: HttpRequest, problem: Problem) -> HttpResponse:
    request_id = getattr(request, "request_id", "")
    named = msgspec.structs.replace(problem, instance=f"urn:uuid:{request_id}" if request_id else None)
    return HttpResponse(msgspec.json.encode(named), content_type=CONTENT_TYPE, status=problem.status)


def refusal(
    request: HttpRequest,
    status: int,
    title: str,
    *,
    detail: str | None = None,
    cause: str = "",
    errors: dict[str, list[str]] | None = None,
) -> HttpResponse:
    """A refusal of our own, with the cause that its status means unless another one is given."""
    usual = "bad-request" if status < 500 else "unavailable"
    cause = cause or CAUSES.get(status, usual)
    problem = Problem(title=title, status=status, cause=cause, detail=detail, errors=errors or {})
    return answer(request, problem)
