"""How fabric is asked, and what its refusals say.

Three addresses are ever made, and all of them only read. fabric has a GET that places an order
(`…/orders/{id}/trigger-now`): no ID may bring a second path segment along.
"""

from orders.upstreams.base import Problem
from orders.upstreams.reading.decoding import segment, text
from orders.upstreams.reading.error_bodies import is_told_by_status, load_problem, message, plain_message

PAGE_SIZE = 100
SUBSCRIPTIONS = "/data-subscription/v1/subscriptions"


def customer_path(customer_id: str) -> str:
    return f"/data-subscription/v1/customers/{segment(customer_id)}"


def list_path(customer_id: str) -> str:
    return f"{customer_path(customer_id)}/orders"


def params() -> list[tuple[str, str]]:
    """The documented request has none; filters and pages are ours to apply."""
    return []


def further_params(received: int) -> list[tuple[str, str]]:
    """Undocumented, but echoed by the live API: the rows after those already received."""
    return [("offset", str(received)), ("limit", str(PAGE_SIZE))]


def read_problem(status: int, body: bytes) -> Problem:
    """What a refusal says. A token of ten minutes' life is the usual reason for 401 and 403."""
    loaded = load_problem(body)
    problem = Problem(message=plain_message(body)) if loaded is None else problem_of(loaded)
    if status in {401, 403}:
        cause = "stale-token"
    elif is_told_by_status(status):
        cause = ""
    elif not problem.code:
        cause = "wrong-address"  # such as a gateway's `{"message": "Not Found"}`
    else:
        cause = problem.cause or ("not-found" if status == 404 else "bad-request")
    return Problem(cause=cause, code=problem.code, message=problem.message)


def problem_of(loaded: dict[str, object]) -> Problem:
    """A refusal's body. `message` (or `Message`) is a text, an object or a list of objects."""
    status = text(loaded.get("responseStatus"), "", [])
    said = loaded.get("message")
    if said is None:
        said = loaded.get("Message")
    entries = said if isinstance(said, list) else [said]
    codes, texts = [], []
    for entry in entries[:5]:
        if isinstance(entry, dict):
            code = entry.get("errorCode", entry.get("code"))
            codes.append(text(code, "", []))
            texts.append(message(entry.get("errorMessage") or entry.get("message")))
        else:
            texts.append(message(entry))
    plain = "_".join(status.upper().replace("_", " ").split())
    return Problem(
        cause={"NOT_FOUND": "not-found", "BAD_REQUEST": "bad-request"}.get(plain, ""),
        code=message(next(filter(None, codes), status)),
        message=message("; ".join(filter(None, texts))),
    )
