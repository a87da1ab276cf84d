"""Tells the ledger which request is under way, and what a visitor sees when it can't be written."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from orders.ledger import context
from orders.ledger.writing import LedgerUnavailable


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
        return render(
            None,
            "orders/ledger_unavailable.html",
            {"title": "Nothing is shown, because it can't be written down"},
            status=503,
        )
