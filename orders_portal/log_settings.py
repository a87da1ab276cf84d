"""How the process writes its log: one format for our lines and everybody else's, always redacted."""

from typing import Any


def logging_settings(log_format: str, level: str) -> dict[str, Any]:
    """Django's LOGGING. `log_format` is `json`, one object a line, or `console`, for people."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {"()": "orders.infrastructure.log_format.formatter", "log_format": log_format}
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            # Django's own handlers would mail tracebacks, and print another line per request.
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
            # The server's words, in our format from the moment that a worker has loaded the portal.
            "gunicorn.error": {"handlers": [], "propagate": True},
        },
    }
