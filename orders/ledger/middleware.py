"""Tells the ledger which request is under way, and what a visitor sees when it can't be written."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext

from orders.infrastructure.pages import render_page
from orders.ledger import context
from orders.ledger.recording import LedgerUnavailable


@dataclass(frozen=True)
class UnavailablePage:
    title: str


class LedgerMiddleware:
    """Comes before everything that may write to the ledger, signing in included."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = context.enter(request)
        try:
            return self.get_response(request)
        finally:
            context.leave(token)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, LedgerUnavailable):
            return None
        # Drawn without the request: who is signed in would be another question to the database.
        page = UnavailablePage(gettext("Nothing is shown, because it can't be written down"))
        return render_page(None, "orders/ledger/unavailable.html", page, status=503)
