"""Whether an order's lines say the same as the order itself.

An upstream keeps a status for the order and one for each line, and they may differ: an order is called
complete while its lines are still worked on, or after one of them failed or was returned.
"""

from collections import Counter
from collections.abc import Iterable

from orders.domain.orders import Order
from orders.domain.terms import Term

_GRAVEST = ("bad", "busy", "wait", "off", "good")


def lines_disagree(order: Order) -> bool:
    """Whether any line is in another state than the order. Where either gives no status, nothing is said."""
    status = order.status
    if not status.code:
        return False
    code = status.code
    for line in order.lines:
        if line.status.code != code and line.status.code and not _is_same_state(status, line.status):
            return True
    return False


def disagreeing_lines(order: Order) -> tuple[tuple[Term, int], ...]:
    """The states that lines are in and the order is not, with how many lines, most frequent first.

    Codes of the same state (two reasons to fail) are counted together, under the first of them.
    """
    if not order.status:
        return ()
    counts: Counter[tuple[bool, str]] = Counter()
    terms: dict[tuple[bool, str], Term] = {}
    for line in order.lines:
        status = line.status
        if status and not _is_same_state(order.status, status):
            # All that we can't read is one state: nobody knows which.
            key = (status.known, status.tone if status.known else "")
            counts[key] += 1
            terms.setdefault(key, status)
    return tuple((terms[key], count) for key, count in counts.most_common())


def gravest_first(mix: Iterable[tuple[Term, int]]) -> list[tuple[Term, int]]:
    """What a reader must not miss comes first."""
    return sorted(mix, key=lambda each: _GRAVEST.index(tone_of(each[0])))


def tone_of(term: Term) -> str:
    """The tone for a reader; what is in no table of ours is no state at all."""
    return term.tone if term.known else "off"


def _is_same_state(one: Term, other: Term) -> bool:
    """Codes may differ where the state doesn't: a failure with a closer reason is still a failure."""
    if one.code == other.code:
        return True
    return one.known and other.known and one.tone == other.tone
