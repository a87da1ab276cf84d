"""Error bodies in the shapes of each upstream, for its contract and for scripted faults."""

from typing import Any

from orders.sandbox.http.messages import Answer, json_answer

ADOBE_CODES: dict[int, tuple[str, str]] = {
    400: ("1132", "A search parameter is not valid"),
    401: ("4116", "The access token is not valid or has expired"),
    403: ("4115", "The API key is not valid"),
    404: ("1116", "No such customer"),
    429: ("4118", "Too many requests were made"),
    500: ("1124", "Something went wrong inside"),
}
ADOBE_MESSAGES: dict[str, str] = dict(ADOBE_CODES.values()) | {
    "1115": "No such reseller",
    "1133": "The offset lies beyond the last result",
    "2115": "No such customer, or no such order",
    "3115": "No such customer or subscription",
    "4117": "The access token is missing",
    "4119": "The correlation ID is missing or not valid",
    "4120": "This request ID has been used before",
    "4121": "This client may not use the resource",
}
ADOBE_GATEWAY: dict[int, tuple[str, str]] = {
    502: ("502003", "Bad gateway"),
    503: ("503000", "Service temporarily unavailable"),
    504: ("504001", "Gateway timeout"),
}
FABRIC_STATUS: dict[int, tuple[str, str]] = {
    400: ("BAD_REQUEST", "Invalid customer id"),
    404: ("NOT_FOUND", "Customer not found."),
}
FABRIC_GATEWAY: dict[int, str] = {
    401: "Unauthorized",
    429: "Too Many Requests",
    500: "Internal server error",
    502: "Bad gateway",
    503: "Service Unavailable",
    504: "Endpoint request timed out",
}

HTML_PAGE = b"""<!DOCTYPE html>
<html><head><title>Please stand by</title></head>
<body><h1>We will be back shortly</h1><p>edge-cache 17 could not reach its origin.</p></body></html>
"""


def adobe_error(
    status: int,
    code: str | None = None,
    message: str | None = None,
    *,
    details: list[str] | None = None,
    invalid: list[str] | None = None,
) -> Answer:
    if code is None and status in ADOBE_GATEWAY:
        return adobe_gateway_error(status, *ADOBE_GATEWAY[status])
    code = code or ADOBE_CODES.get(status, (str(status), ""))[0]
    body: dict[str, Any] = {
        "code": code,
        "message": message or ADOBE_MESSAGES.get(code, "The request failed"),
    }
    if details is not None:
        body["additionalDetails"] = details
    if invalid is not None:
        body["invalidFields"] = invalid
    return json_answer(status, body)


def adobe_gateway_error(status: int, error_code: str, message: str) -> Answer:
    return json_answer(status, {"error_code": error_code, "message": message})


def fabric_error(status: int, code: str | None = None, message: str | None = None) -> Answer:
    if status == 403:
        return json_answer(403, {"Message": message or "This token may not do that"})
    if code is None and status in FABRIC_GATEWAY:
        return json_answer(status, {"message": message or FABRIC_GATEWAY[status]})
    known, text = FABRIC_STATUS.get(status, ("ERROR", "The request failed"))
    return json_answer(status, {"responseStatus": code or known, "message": message or text})


def token_error(status: int, code: str | None = None, message: str | None = None) -> Answer:
    known = {400: "invalid_client", 401: "invalid_client", 403: "access_denied"}
    error = code or known.get(status, "temporarily_unavailable")
    return json_answer(status, {"error": error, "error_description": message or "Not granted"})


def vendor_error(source: str, status: int, code: str | None = None, message: str | None = None) -> Answer:
    """An error as this source would word it; 2xx and 3xx give a bare answer of that status."""
    if status < 400:
        return json_answer(status, {})
    if source.endswith("-token"):
        return token_error(status, code, message)
    if source == "fabric":
        return fabric_error(status, code, message)
    return adobe_error(status, code, message)
