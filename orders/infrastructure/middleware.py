"""What every request and answer of the portal carries."""

import ipaddress
import logging
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import structlog
from django.core.signals import request_finished
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse

from orders.infrastructure import metrics

GetResponse = Callable[[HttpRequest], HttpResponse]

logger = logging.getLogger("orders.requests")


class RequestMiddleware:
    """Gives the request an ID, which its answer and its log lines carry, and writes one line about it.

    The line has no query and no referrer: they hold what people searched for. A visitor's own idea of
    an ID is not taken, or two requests could be made to look like one.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = request.request_id = str(uuid4())  # type: ignore[attr-defined]  # ours
        structlog.contextvars.bind_contextvars(request_id=request_id)
        started = time.perf_counter()
        with metrics.threads_busy.track_inprogress():
            response = self.get_response(request)
        seconds = time.perf_counter() - started
        response.headers["X-Request-Id"] = request_id
        match = request.resolver_match
        view = (match.view_name if match else "") or "other"
        metrics.count_request(
            view=view, method=request.method or "", status=response.status_code, seconds=seconds
        )
        # Only who is known already: a health check asks no database on account of its line.
        person = getattr(request, "_cached_user", None)
        fields = {
            "method": request.method,
            "path": request.path,
            "view": view,
            "status": response.status_code,
            "ms": round(seconds * 1000, 1),
            "user_id": person.pk if person is not None else None,
        }
        logger.info("request", extra=fields)
        return response


@receiver(request_finished)
def _forget_request(**_: Any) -> None:
    """Django writes its own lines about an answer after all middleware: the ID has to last until then."""
    structlog.contextvars.clear_contextvars()


class ThisMachineOnlyMiddleware:
    """With DEBUG on, pages show source code and settings: nobody else gets one, whatever the bind address."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not is_loopback(request):
            return HttpResponse("DEBUG is on: this machine only.\n", status=403, content_type="text/plain")
        return self.get_response(request)


class NoStoreMiddleware:
    """Pages hold personal data: no browser or proxy may keep a copy. Static files say for themselves."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        return response


def is_loopback(request: HttpRequest) -> bool:
    """Whether the visitor sits on this machine, and no proxy speaks for somebody else."""
    if {"X-Forwarded-For", "Forwarded", "Via", "X-Real-Ip"} & set(request.headers):
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
