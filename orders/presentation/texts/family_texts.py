"""Whether and until when a line can be returned, and how its relatives are called, in words."""

from orders.domain.families import Family, FamilyLine, Relation, Relative, Verdict
from orders.presentation.dates import moment_words
from orders.presentation.texts.cell_texts import gettext
from orders.presentation.texts.phrases import brief_day


def verdict_words(line: FamilyLine) -> str:
    """One or two sentences; nothing is promised, since hour and zone of the window's end are unpublished."""
    until = brief_day(line.until) if line.until is not None else ""
    return _verdict(line.verdict) % {"until": until, "left": "" if line.left is None else line.left}


def _verdict(verdict: Verdict) -> str:
    match verdict:
        case Verdict.PROBABLY:
            return gettext("Probably returnable, up to %(left)s, until about %(until)s (14 days, UTC).")
        case Verdict.ASK_FIRST:
            return gettext(
                "Ask before promising: Adobe’s pages contradict each other on packs. If at all, until about "
                "%(until)s (14 days, UTC), and only what was not used."
            )
        case Verdict.ONLY_WHOLE:
            return gettext(
                "Can only be switched back, the whole quantity, until about %(until)s (14 days, UTC). The "
                "refund is at that day’s price."
            )
        case Verdict.HIGH_GROWTH:
            return gettext("Not returnable: it is part of a High Growth minimum.")
        case Verdict.WRONG_TYPE:
            return gettext("Orders of this type are not returnable.")
        case Verdict.NOT_COMPLETED:
            return gettext("Not returnable: only what was completed is.")
        case Verdict.RETURNED:
            return gettext("Was taken back already.")
        case Verdict.NOTHING_LEFT:
            return gettext("Nothing is left of it to return.")
        case Verdict.WINDOW_CLOSED:
            return gettext("No longer returnable: the 14 days ended about %(until)s (UTC).")
        case Verdict.UNKNOWN:
            return gettext("Unknown: ask before promising.")


def family_notes(family: Family) -> list[str]:
    """What has to be known before a return is promised."""
    verdicts = {each.verdict for each in family.lines}
    found = []
    if not family.is_complete:
        found.append(
            gettext("Not all that belongs to this order could be asked for, so nothing is computed from it.")
        )
    if family.about.order_type.code == "RENEWAL" and Verdict.PROBABLY in verdicts:
        found.append(
            gettext(
                "Where this was an early renewal, ask before promising the return of a part: one of Adobe’s "
                "pages allows it, another doesn’t. A return does not move the renewal date back."
            )
        )
    if Verdict.PROBABLY in verdicts:
        found.append(
            gettext(
                "With a three-year commitment, no less than its minimum may stay. The refund is at the "
                "order’s own prices, and the seats go at once."
            )
        )
    return found


def relation_words(relative: Relative) -> str:
    """How an order is known to belong to the family; empty where its place says so."""
    if relative.relation is Relation.SHOWN:
        return gettext("this order")
    if relative.relation is Relation.SUBSCRIPTION:
        if relative.seen_at is None:
            return gettext("by its subscription")
        return gettext("by its subscription, as seen %(moment)s") % {"moment": moment_words(relative.seen_at)}
    return ""
