"""Log lines: one format for ours and everybody else's, with the request's ID and without secrets.

Every record of the standard library passes here, whoever wrote it. JSON cannot be broken by what a
visitor sends; in the format for people control characters are escaped.
"""

import logging
import re
from copy import copy
from typing import Any

import structlog
from structlog.typing import EventDict, Processor

from orders.domain.bounded_text import cut
from orders.domain.email_addresses import replace_addresses
from orders.domain.redaction import MARK, process_redactor

# Fields whose values are nobody's business, whatever they hold.
SECRET_NAMES = re.compile(r"(?i)passw|secret|token|authori[sz]ation|cookie|api_?key|credential|recovery|otp")
# Tracebacks are long, but not as long as a body that somebody logs.
_LONGEST_VALUE = 50_000
_LONGEST_READ = 100_000  # so much more that no secret is cut in two before it is looked for
# Records of others may carry whole requests and the like, whose texts hold queries.
_PLAIN = (str, int, float, bool, type(None))
_STANDARD = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def formatter(log_format: str) -> logging.Formatter:
    """For Django's LOGGING. `log_format` is `json` or `console`."""
    last: list[Processor] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta, redact]
    if log_format == "json":
        last.append(structlog.processors.JSONRenderer(sort_keys=False))
    else:
        # Its own way with exceptions would print local variables.
        last += [
            escape,
            structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
        ]
    return _Formatter(foreign_pre_chain=[add_plain_fields, *_shared()], processors=last)


class _Formatter(structlog.stdlib.ProcessorFormatter):
    def format(self, record: logging.LogRecord) -> str:
        try:
            record.getMessage()
        except (TypeError, ValueError, KeyError):
            # The arguments don't fit. Python would print them, bare, past every handler.
            record = copy(record)
            record.msg, record.args = f"{record.msg} {record.args}", None
        return super().format(record)


def configure() -> None:
    """Lead structlog's own loggers to the standard library, so that there is one way out."""
    structlog.configure(
        processors=[*_shared(), structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def _shared() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
    ]


def add_plain_fields(logger: Any, method: str, event: EventDict) -> EventDict:
    """What a record was given as `extra`, as far as it is plain text, numbers or yes and no."""
    record = event.get("_record")
    if record is not None:
        for name, value in record.__dict__.items():
            if name not in _STANDARD and isinstance(value, _PLAIN):
                event.setdefault(name, value)
    return event


def redact(logger: Any, method: str, event: EventDict) -> EventDict:
    """No secret of this process, nothing that looks like a credential, and no e-mail address."""
    return {name: MARK if SECRET_NAMES.search(name) else _clean(value) for name, value in event.items()}


def _clean(value: Any) -> Any:
    if isinstance(value, int | float | None):
        return value
    if isinstance(value, dict):
        return redact(None, "", {str(name): item for name, item in value.items()})
    if isinstance(value, list | tuple | set | frozenset):
        return [_clean(item) for item in value]
    # A person's address has no business in a log; the ledger says who was looked at.
    text = str(value)
    cleaned = process_redactor().clean(text[:_LONGEST_READ])
    return replace_addresses(cut(cleaned, _LONGEST_VALUE, length=len(text)), "[e-mail]")


def escape(logger: Any, method: str, event: EventDict) -> EventDict:
    """One record stays one line; tracebacks are ours, and keep theirs."""
    for name, value in event.items():
        if name not in {"exception", "stack"} and isinstance(value, str):
            event[name] = _CONTROL.sub(lambda found: ascii(found.group())[1:-1], value)
    return event
