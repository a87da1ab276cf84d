"""What the style guide shows its components with. Everything is invented."""

from collections.abc import Sequence
from typing import NamedTuple

from django.utils.translation import gettext as _

COLOURS = ("canvas", "surface", "line", "line-strong", "ink", "muted", "accent", "accent-soft", "accent-fill")


class Tab(NamedTuple):
    name: str
    words: str
    address: str
    is_current: bool
    number: int | None = None


class Sample(NamedTuple):
    """A term as `components/state.html` takes it."""

    tone: str
    word: str
    code: str
    meaning: str = ""
    known: bool = True


class Fact(NamedTuple):
    name: str
    value: str


class Group(NamedTuple):
    title: str
    facts: Sequence[Fact]


class Step(NamedTuple):
    when: str
    tone: str
    words: str
    detail: str = ""
    is_next: bool = False


class Tile(NamedTuple):
    words: str
    number: str
    tone: str
    note: str = ""
    address: str = ""


class Row(NamedTuple):
    order_id: str
    created: str
    kind: str
    term: Sample
    reference: str
    quantity: str
    is_here: bool = False


def tones() -> list[tuple[str, str, str]]:
    """Tone, words, and when it is used."""
    return [
        ("good", _("Completed"), _("Settled, and well. No ground of its own.")),
        ("plan", _("Scheduled"), _("Waits for its day; nobody has to do anything.")),
        ("busy", _("Processing"), _("In progress.")),
        ("wait", _("Will retry"), _("Waits for somebody, or is partly open.")),
        ("late", _("Overdue"), _("Should have happened.")),
        ("bad", _("Failed"), _("Failed; somebody must act.")),
        ("off", _("Cancelled"), _("Over, switched off, or unknown.")),
    ]


def terms() -> list[Sample]:
    return [
        Sample("good", _("Completed"), "1000"),
        Sample("busy", _("Processing"), "1002"),
        Sample("bad", _("Failed"), "1004", _("Adobe could not process the order.")),
        Sample("bad", _("Failed: customer inactive"), "1024"),
        Sample("plan", _("Scheduled"), "SCHEDULED"),
        Sample("off", "", "1077", known=False),
    ]


def tabs() -> list[Tab]:
    return [
        Tab("all", _("All orders"), "#", True),
        Tab("failed", _("Failed"), "#", False, 3),
        Tab("open", _("Open"), "#", False, 12),
    ]


def facts() -> list[tuple[str, str, str]]:
    return [
        (_("Account"), "Northwind Studio", ""),
        (_("Orders"), "137", _("in this window")),
        (_("Last order"), "26 Nov 2026", _("yesterday")),
    ]


def groups() -> list[Group]:
    return [
        Group(
            "",
            [
                Fact(_("Type"), _("Renewal")),
                Fact(_("Currency"), "USD"),
                Fact(_("Your reference"), "PO-00417"),
            ],
        ),
        Group(_("Ship to and bill to"), [Fact(_("Name"), "H•••• B•••"), Fact(_("Country"), "US")]),
    ]


def steps() -> list[Step]:
    return [
        Step("Thu 12 Nov, 19:25", "busy", _("Ordered"), _("reference PO-00417")),
        Step("Thu 12 Nov, 19:25", "bad", _("The promotion FIRST_YEAR_10 was refused")),
        Step("Thu 12 Nov, 19:40", "good", _("Completed")),
        Step("Thu 26 Nov", "wait", _("The return window ends"), is_next=True),
    ]


def tiles() -> list[Tile]:
    return [
        Tile(_("Failed, needs somebody"), "13", "bad", _("4 new since Friday"), "#"),
        Tile(_("Open for over a day"), "3", "busy", _("oldest: 2 days"), "#"),
        Tile(_("Will retry in 14 days"), "21", "wait", _("3 today"), "#"),
        Tile(_("Orders, last 30 days"), "164", "good"),
    ]


def orders() -> list[Row]:
    good, busy, bad, odd = terms()[0], terms()[1], terms()[3], terms()[5]
    return [
        Row("5883578824", "Sat 21 Nov, 11:32", _("New"), busy, "958", "13"),
        Row("5022400188", "Thu 12 Nov, 13:25", _("Renewal"), good, "786182767493919190", "4", True),
        Row("9524420509", "Mon 2 Nov, 11:32", _("New"), bad, "12292", "20"),
        Row("9360159214", "Fri 30 Oct, 00:47", _("Return"), odd, "", "8"),
    ]
