"""The ledger as a table: what people ask of it ('who saw this customer?') is a link in its cells."""

import json
from typing import Any
from urllib.parse import urlencode

import django_tables2 as tables
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from orders import cells
from orders.models import Action, LedgerEntry

_TONES = {"ok": "good", "not-found": "off", "out-of-range": "off", "unreadable": "off"}
_OUTCOMES = {
    "ok": "OK",
    "not-found": "Not found",
    "out-of-range": "Behind the last page",
    "unreadable": "Not understood",
    "refused": "Refused",
    "refused-right": "No right",
    "refused-scope": "Not theirs",
    "unknown-person": "No such person",
}
_PARTS = (
    ("details", "Details"),
    ("request_id", "Request"),
    ("upstream_request_id", "Upstream request"),
    ("correlation_id", "Correlation"),
    ("client_address", "From"),
    ("file_sha256", "SHA-256"),
    ("hash", "Seal"),
)


def details_in_words(text: str) -> str:
    """`statuses: 1002 · window: 25 from 50`: what a list was narrowed to, or what was changed."""
    if not text:
        return ""
    given = json.loads(text)
    window = given.pop("window", None) or {}
    if given.get("tried") in Action.values:
        given["tried"] = str(Action(given["tried"]).label).lower()
    parts = [f"{name.replace('_', ' ')}: {_in_words(value)}" for name, value in given.items()]
    if window.get("offset"):
        parts.append(f"from row {window['offset'] + 1}")
    return " · ".join(parts)


def _in_words(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else cells.plain(value)


class LedgerTable(tables.Table):
    at = tables.Column(verbose_name="When, UTC", attrs={"td": {"class": "when"}})
    username = tables.Column(verbose_name="Person", empty_values=())
    action = tables.Column(verbose_name="What")
    customer_id = tables.Column(verbose_name="Customer", attrs={"td": {"class": "id"}}, default="")
    order_id = tables.Column(verbose_name="Order", attrs={"td": {"class": "id"}}, default="")
    outcome = tables.Column(verbose_name="Outcome", attrs={"td": {"class": "state"}})
    reason = tables.Column(verbose_name="Reason", attrs={"td": {"class": "reason"}}, default="")
    row_count = tables.Column(
        verbose_name="Rows", attrs={"td": {"class": "num extra"}, "th": {"class": "num"}}, default=""
    )
    id = tables.Column(verbose_name="Entry", attrs={"td": {"class": "entry"}})

    class Meta:
        model = LedgerEntry
        fields = ()
        attrs = {"class": "orders ledger"}
        orderable = False  # the order of its numbers is what the ledger is
        row_attrs = {"data-entry": lambda record: record.id, "data-action": lambda record: record.action}

    def render_at(self, record: LedgerEntry) -> SafeString:
        exact = f"{record.at:%Y-%m-%d %H:%M:%S}"
        return format_html(
            '<time datetime="{}" title="{}">{}</time>', record.at.isoformat(), record.at.isoformat(), exact
        )

    def render_username(self, record: LedgerEntry) -> SafeString | str:
        if not record.username:
            return "Nobody known"
        address = "?" + urlencode({"person": record.username})
        return format_html(
            '<a href="{}" title="What did {} do?">{}</a>', address, record.username, record.username
        )

    def render_action(self, record: LedgerEntry) -> SafeString:
        words = details_in_words(record.details)
        more = format_html('<span class="part muted small">{}</span>', words) if words else ""
        return format_html("{} {}", record.action_words, more)

    def render_customer_id(self, record: LedgerEntry) -> SafeString:
        address = "?" + urlencode({"source": record.source, "customer": record.customer_id})
        return format_html(
            '<a href="{}" title="Who saw this customer?">{}</a> <span class="part muted">{}</span>',
            address,
            record.customer_id,
            record.source,
        )

    def render_outcome(self, value: str) -> SafeString:
        words = _OUTCOMES.get(value) or value.replace("upstream-", "Upstream: ").replace("-", " ")
        return format_html('<span class="tag {}">{}</span>', _TONES.get(value, "bad"), words)

    def render_id(self, record: LedgerEntry) -> SafeString:
        """The number; below it, on demand, everything that has no column of its own."""
        parts = [(label, getattr(record, name)) for name, label in _PARTS if getattr(record, name)]
        return format_html(
            '<details class="more"><summary>{}</summary><dl class="facts">{}</dl></details>',
            record.id,
            format_html_join(
                "",
                '<div><dt>{}</dt><dd class="id">{}</dd></div>',
                ((label, cells.plain(value)) for label, value in parts),
            ),
        )
