"""What is said of lines that are in another state than their order."""

from functools import lru_cache
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy as plural
from django.utils.translation import pgettext_lazy

from orders.domain.line_agreement import disagreeing_lines, gravest_first, tone_of
from orders.domain.orders import Order
from orders.domain.terms import Term
from orders.presentation.texts import state_words
from orders.presentation.texts.cell_texts import gettext, reader_language
from orders.presentation.texts.phrases import Text, clauses


class Clauses(NamedTuple):
    """One state of lines, for the end of a sentence: of the only line, of both, of all, of some.

    `badge` says the same in a list. All but the first two take `count` and `total`.
    """

    only: Text
    both: Text
    every: Text
    some: Text
    badge_of_only: Text
    badge: Text


# By the tone of a status, which is its state: two reasons to fail are one state.
_CLAUSES = {
    "good": Clauses(
        _("its only line is complete"),
        _("both lines are complete"),
        _("all %(total)s lines are complete"),
        plural(
            "%(count)s of %(total)s lines is complete",
            "%(count)s of %(total)s lines are complete",
            "count",
        ),
        _("line complete"),
        _("%(count)s of %(total)s lines complete"),
    ),
    "busy": Clauses(
        _("its only line is still being processed"),
        _("both lines are still being processed"),
        _("all %(total)s lines are still being processed"),
        plural(
            "%(count)s of %(total)s lines is still being processed",
            "%(count)s of %(total)s lines are still being processed",
            "count",
        ),
        _("line processing"),
        _("%(count)s of %(total)s lines processing"),
    ),
    "bad": Clauses(
        _("its only line failed"),
        _("both lines failed"),
        _("all %(total)s lines failed"),
        plural(
            "%(count)s of %(total)s lines failed",
            "%(count)s of %(total)s lines failed",
            "count",
        ),
        _("line failed"),
        pgettext_lazy("a mark", "%(count)s of %(total)s lines failed"),
    ),
    "off": Clauses(
        _("its only line was returned"),
        _("both lines were returned"),
        _("all %(total)s lines were returned"),
        plural(
            "%(count)s of %(total)s lines was returned",
            "%(count)s of %(total)s lines were returned",
            "count",
        ),
        _("line returned"),
        _("%(count)s of %(total)s lines returned"),
    ),
    "wait": Clauses(
        _("its only line is scheduled for later"),
        _("both lines are scheduled for later"),
        _("all %(total)s lines are scheduled for later"),
        plural(
            "%(count)s of %(total)s lines is scheduled for later",
            "%(count)s of %(total)s lines are scheduled for later",
            "count",
        ),
        _("line scheduled"),
        _("%(count)s of %(total)s lines scheduled"),
    ),
}
_UNKNOWN = Clauses(
    _("its only line is in a state that we do not know"),
    _("both lines are in a state that we do not know"),
    _("all %(total)s lines are in a state that we do not know"),
    plural(
        "%(count)s of %(total)s lines is in a state that we do not know",
        "%(count)s of %(total)s lines are in a state that we do not know",
        "count",
    ),
    _("line in an unknown state"),
    _("%(count)s of %(total)s lines in an unknown state"),
)


class LineBadge(NamedTuple):
    """Words for a list, and their tone."""

    words: str
    tone: str


def lines_clause(order: Order) -> str:
    """`1 of 2 lines is still being processed`; empty where the lines say the same as the order."""
    mix = gravest_first(disagreeing_lines(order))
    return clauses(_clause(term, count, order.lines_sent) for term, count in mix) if mix else ""


def line_badges(order: Order) -> tuple[LineBadge, ...]:
    """One for each state that lines are in and the order isn't, the gravest first."""
    mix = gravest_first(disagreeing_lines(order))
    return tuple([_badge(term, count, order.lines_sent, reader_language()) for term, count in mix])


def status_meaning_with_lines(order: Order) -> str:
    """`Completed, but 1 of 2 lines is still being processed.`; empty where there is nothing to add."""
    lines = lines_clause(order)
    if not lines:
        return ""
    return gettext("%(status)s, but %(lines)s.") % {
        "status": state_words.word(order.status),
        "lines": lines,
    }


def _of(term: Term) -> Clauses:
    return _CLAUSES.get(term.tone, _UNKNOWN) if term.known else _UNKNOWN


def _clause(term: Term, count: int, total: int) -> str:
    said = _of(term)
    if total == 1:
        return str(said.only)
    if count == total == 2:
        return str(said.both)
    return str((said.every if count == total else said.some) % {"count": count, "total": total})


@lru_cache(maxsize=1024)
def _badge(term: Term, count: int, total: int, language: str) -> LineBadge:
    """`language` is only here for the cache."""
    said = _of(term)
    words = said.badge_of_only if total == 1 else said.badge % {"count": count, "total": total}
    return LineBadge(str(words), tone_of(term))
