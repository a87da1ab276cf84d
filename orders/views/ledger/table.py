"""The ledger as a table: what people ask of it ('who saw this customer?') is a link in its cells."""

import json
from typing import Any
from urllib.parse import urlencode

import django_tables2 as tables
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from orders.ledger.models import Action, LedgerEntry
from orders.presentation import formatters

_TONES = {"ok": "good", "not-found": "off", "out-of-range": "off", "unreadable": "off"}
_OUTCOMES = {
    "ok": "OK",
    "not-found": _("Not found"),
    "out-of-range": _("Behind the last page"),
    "unreadable": _("Not understood"),
    "refused": _("Refused"),
    "refused-right": _("No right"),
    "refused-scope": _("Not theirs"),
    "refused-limit": _("Over a limit"),
    "near": _("Over half of it"),
    "over": _("Over it"),
    "asked": _("Asked for more"),
    "blocked": _("Blocked for now"),
    "unknown-person": _("No such person"),
}
_PARTS = (
    ("details", _("Details")),
    ("request_id", _("Request")),
    ("upstream_request_id", _("Upstream request")),
    ("correlation_id", _("Correlation")),
    ("client_address", _("From")),
    ("file_sha256", "SHA-256"),
    ("hash", _("Seal")),
)


def details_in_words(text: str) -> str:
    """`statuses: 1002 · window: 25 from 50`: what a list was narrowed to, or what was changed."""
    if not text:
        return ""
    given = json.loads(text)
    window = given.pop("window", None) or {}
    if given.get("tried") in Action.values:
        words = str(Action(given["tried"]).label)
        given["tried"] = words[:1].lower() + words[1:]
    parts = [f"{name.replace('_', ' ')}: {_in_words(value)}" for name, value in given.items()]
    if window.get("offset"):
        parts.append(gettext("from row %(value)s") % {"value": window["offset"] + 1})
    return " · ".join(parts)


def _in_words(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else formatters.plain(value)


class LedgerTable(tables.Table):
    at = tables.Column(verbose_name=_("When, UTC"), attrs={"td": {"class": "when"}})
    username = tables.Column(verbose_name=_("Person"), empty_values=())
    action = tables.Column(verbose_name=_("What"))
    customer_id = tables.Column(verbose_name=_("Customer"), attrs={"td": {"class": "id"}}, default="")
    order_id = tables.Column(verbose_name=_("Order"), attrs={"td": {"class": "id"}}, default="")
    outcome = tables.Column(verbose_name=_("Outcome"), attrs={"td": {"class": "state"}})
    reason = tables.Column(verbose_name=_("Reason"), attrs={"td": {"class": "reason"}}, default="")
    row_count = tables.Column(
        verbose_name=_("Rows"), attrs={"td": {"class": "num extra"}, "th": {"class": "num"}}, default=""
    )
    id = tables.Column(verbose_name=_("Entry"), attrs={"td": {"class": "entry"}})

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
            return gettext("Nobody known")
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
                ((label, formatters.plain(value)) for label, value in parts),
            ),
        )
