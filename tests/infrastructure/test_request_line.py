"""Gunicorn's limit of a request line has room for what the filter form lets people ask for."""

from urllib.parse import urlencode

from gunicorn.app.wsgiapp import WSGIApplication
from gunicorn.http.message import MAX_REQUEST_LINE

from orders.management.commands.rundemo import gunicorn_command
from orders.presentation.filtersets.adobe import MOST_OFFERS, ORDER_TYPES, STATUSES

OFFERS = [f"6530{number:04}CA01A12" for number in range(MOST_OFFERS)]
PATH = f"/adobe/customers/{'1' * 40}/orders/"
EVERYTHING_ELSE = [
    *(("status", status) for status in STATUSES),
    *(("order-type", kind) for kind in ORDER_TYPES),
    *(("start-date", "2026-01-01"), ("end-date", "2026-12-31"), ("whole-days", "1")),
    *(("reference-order-id", "5" * 40), ("reseller-id", "7" * 40), ("fetch-price", "true")),
    *(("lines", "mixed"), ("limit", "100"), ("offset", "1000"), ("show", "1")),
]


def request_line(query):
    return len(f"GET {PATH}?{urlencode(query)} HTTP/1.1\r\n")


def limit_read_from_the_directory(monkeypatch):
    """As `python -m gunicorn orders_portal.wsgi` finds it. Reading its file names a directory for metrics."""
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", "named already")
    monkeypatch.setattr("sys.argv", ["gunicorn", "orders_portal.wsgi"])
    return WSGIApplication().cfg.limit_request_line


def test_as_many_offers_as_the_form_says_fit_with_every_other_filter(monkeypatch, request):
    monkeypatch.chdir(request.config.rootpath)
    limit = limit_read_from_the_directory(monkeypatch)

    assert limit == MAX_REQUEST_LINE
    assert request_line([("offer-id", ", ".join(OFFERS)), *EVERYTHING_ELSE]) < limit
    assert request_line([("offer-id", offer) for offer in OFFERS]) < limit


def test_the_demo_takes_as_much(monkeypatch, request):
    monkeypatch.chdir(request.config.rootpath)
    command = gunicorn_command(8000)

    place = command.index("--limit-request-line")
    assert int(command[place + 1]) == limit_read_from_the_directory(monkeypatch)
