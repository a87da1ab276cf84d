"""Log lines: one JSON object each, with the request's ID, without secrets, whoever wrote them."""

import base64
import io
import json
import logging
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
import structlog
from django.contrib.auth.models import User

from orders.domain.redaction import process_redactor
from orders.infrastructure.log_format import formatter
from tests.personas import signed_in

CANARY = "canary-PASSWORD-9f3b+/="


class Lines:
    def __init__(self) -> None:
        self.stream = io.StringIO()

    @property
    def text(self) -> str:
        return self.stream.getvalue()

    @property
    def all(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.text.splitlines()]

    def of(self, logger: str) -> list[dict[str, Any]]:
        return [line for line in self.all if line["logger"] == logger]


@pytest.fixture
def lines() -> Iterator[Lines]:
    """Everything that is logged, at DEBUG, as production writes it."""
    yield from written("json")


@pytest.fixture
def console() -> Iterator[Lines]:
    yield from written("console")


def written(log_format: str) -> Iterator[Lines]:
    lines = Lines()
    handler = logging.StreamHandler(lines.stream)
    handler.setFormatter(formatter(log_format))
    root, level = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield lines
    root.setLevel(level)
    root.removeHandler(handler)


@pytest.mark.django_db
def test_each_request_has_one_line_without_query_and_referrer(agent, lines):
    browser = signed_in(agent)

    response = browser.get(
        "/accounts/sessions/?q=a-customer-they-looked-for",
        headers={"referer": "https://x.example/?q=secret-search"},
    )

    (line,) = lines.of("orders.requests")
    assert line.pop("ms") > 0
    assert line.pop("at").endswith("Z")
    assert line == {
        "event": "request",
        "level": "info",
        "logger": "orders.requests",
        "method": "GET",
        "path": "/accounts/sessions/",
        "view": "usersessions_list",
        "status": 200,
        "user_id": agent.pk,
        "request_id": response["X-Request-Id"],
    }
    assert "looked-for" not in lines.text
    assert "secret-search" not in lines.text


@pytest.mark.django_db
def test_djangos_own_lines_about_a_request_carry_its_id_too(client, lines):
    response = client.get("/no-such-page/?q=a-customer-they-looked-for")

    (line,) = lines.of("django.request")
    assert line["event"] == "Not Found: /no-such-page/"
    assert line["request_id"] == response["X-Request-Id"]
    assert "looked-for" not in lines.text


def test_lines_outside_a_request_have_no_ones_id(lines):
    logging.getLogger("somebody.else").warning("between two requests")

    assert "request_id" not in lines.of("somebody.else")[0]


def test_lines_of_others_and_of_structlog_look_alike(lines):
    logging.getLogger("somebody.else").warning("%s left", 3, extra={"place": "shelf"})
    structlog.get_logger("ours").warning("3 left", place="shelf")

    other, ours = lines.of("somebody.else")[0], lines.of("ours")[0]
    assert {**other, "at": "", "logger": ""} == {**ours, "at": "", "logger": ""}
    assert (other["event"], other["place"], other["level"]) == ("3 left", "shelf", "warning")


def test_a_secret_is_taken_out_wherever_it_stands_and_however_it_is_spelled(lines):
    secret = "canary-upstream-secret-4711"
    process_redactor().add(secret, lasting=True)
    logger = logging.getLogger("somebody.else")

    logger.warning("plain %s", secret)
    logger.warning("%s", {"nested": [quote(secret), base64.b64encode(secret.encode()).decode()]})
    logger.warning("as a field", extra={"place": secret, "api_key": "short", "session_token": "x"})
    structlog.get_logger("ours").warning("deep", given={"password": "hunter2", "list": [secret]})
    try:
        raise ValueError(f"it was {secret}")
    except ValueError:
        logger.exception("failed")

    assert secret not in lines.text
    assert base64.b64encode(secret.encode()).decode().rstrip("=") not in lines.text
    assert "hunter2" not in lines.text
    fields = lines.of("somebody.else")[2]
    assert (fields["place"], fields["api_key"], fields["session_token"]) == ("[redacted]",) * 3


@pytest.mark.parametrize("log_format", ["json", "console"])
def test_a_malformed_call_is_worth_its_line_and_gives_nothing_away(log_format, capsys):
    secret = "canary-upstream-secret-4712"
    process_redactor().add(secret, lasting=True)
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter(log_format))

    calls: list[tuple[str, Any]] = [("%d", (secret,)), ("%s and %s", (secret,)), ("%(x)s", ({"y": secret},))]
    for message, arguments in calls:
        handler.handle(logging.LogRecord("x", logging.ERROR, __file__, 1, message, arguments, None))

    written = stream.getvalue().splitlines()
    assert [text in line for text, line in zip(("%d", "%s and %s", "%(x)s"), written, strict=True)] == [
        True
    ] * 3
    assert stream.getvalue().count("[redacted]") == 3
    assert secret not in stream.getvalue() + capsys.readouterr().err


def test_no_address_of_a_person_is_logged(lines):
    logging.getLogger("somebody.else").warning(
        "asked for jane.doe+x@customer.example and jane%40customer.example"
    )

    assert lines.of("somebody.else")[0]["event"] == "asked for [e-mail] and [e-mail]"


@pytest.mark.parametrize("log_format", ["json", "console"])
def test_tracebacks_hold_no_local_variables(log_format):
    def fail() -> None:
        local = "canary-" + "local"
        raise ValueError(len(local))

    generator = written(log_format)
    lines = next(generator)
    try:
        fail()
    except ValueError:
        logging.getLogger("somebody.else").exception("failed")

    assert "ValueError: 12" in lines.text
    assert "canary-local" not in lines.text
    next(generator, None)


def test_a_line_break_of_a_visitor_makes_no_second_line(lines, console):
    logging.getLogger("somebody.else").warning("path %s", '/x\r\n{"event": "forged"}\x1b[2J\u2028')

    assert len(lines.all) == 1
    assert len(console.text.splitlines()) == 1
    assert "\x1b" not in console.text


def test_whole_requests_in_the_records_of_others_are_left_out(lines, rf):
    request = rf.get("/?q=a-customer-they-looked-for")

    logging.getLogger("django.request").warning("odd", extra={"request": request, "status_code": 400})

    (line,) = lines.of("django.request")
    assert (line["status_code"], "request" in line) == (400, False)
    assert "looked-for" not in lines.text


@pytest.mark.django_db
def test_no_password_is_logged_whatever_happens_to_it(lines, client, monkeypatch):
    User.objects.create_user("dana", password=CANARY)
    client.post("/accounts/login/", {"login": "dana", "password": CANARY + "-wrong"})
    client.post("/accounts/login/", {"login": CANARY, "password": "typed-in-the-wrong-field"})
    client.post("/accounts/login/", {"login": "dana", "password": CANARY})
    client.post(
        "/accounts/password/change/", {"oldpassword": CANARY, "password1": CANARY, "password2": "other"}
    )
    client.post("/accounts/reauthenticate/", {"password": CANARY})
    monkeypatch.setattr("django.contrib.auth.models.User.check_password", lambda *_: 1 / 0)
    client.raise_request_exception = False
    assert client.post("/accounts/reauthenticate/", {"password": CANARY}).status_code == 500

    spellings = [CANARY, quote(CANARY), quote(CANARY, safe=""), base64.b64encode(CANARY.encode()).decode()]
    assert [spelling for spelling in spellings if spelling in lines.text] == []
    assert "ZeroDivisionError" in lines.text
