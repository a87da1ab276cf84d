"""What is said of an order that needs somebody: its kind, what happened, what comes next."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from orders.domain.retry_status import RETRIES_EXHAUSTED, RetryStatus
from orders.domain.terms import NOTHING
from orders.presentation.texts.cell_texts import gettext
from orders.presentation.texts.phrases import Text
from orders.presentation.texts.retry_texts import retries_in_brief

KINDS: dict[str, Text] = {
    "retries-exhausted": _("Retries exhausted"),
    "failed": _("Failed, nothing will retry"),
    "open-too-long": _("Open for too long"),
    "promotion-refused": _("Promotion refused"),
    "will-retry": _("Will retry, soonest first"),
}
# The shape and colour of each, as the states of orders have them.
TONES = {
    "retries-exhausted": "bad",
    "failed": "bad",
    "open-too-long": "late",
    "promotion-refused": "wait",
    "will-retry": "wait",
}
PROMOTIONS: dict[str, Text] = {
    "FAILURE": _("%(count)s refused"),
    "SUCCESS": _("%(count)s applied"),
}
SEEN: dict[str, Text] = {"0": _("Not seen"), "1": _("Seen")}


def retries(kind: str, used: int | None, allowed: int | None) -> str:
    """`1 of 3 retries used`; empty where the upstream counts none."""
    if allowed is None and used is None:
        return ""
    state = RETRIES_EXHAUSTED if kind == "retries-exhausted" else NOTHING
    return retries_in_brief(RetryStatus(state=state, retries_used=used, retries_allowed=allowed))


def promotions(counts: str) -> str:
    """Of `FAILURE*1 SUCCESS*2`: `1 refused, 2 applied`."""
    found = ((code, number) for code, _sign, number in (part.rpartition("*") for part in counts.split()))
    return ", ".join(str(PROMOTIONS.get(code, f"{code} × %(count)s") % {"count": n}) for code, n in found)


def line_states(counts: str) -> str:
    """Of `1000*2 1004*1`: `lines: 2 × 1000, 1 × 1004`; empty where all are alike."""
    parts: Sequence[str] = counts.split()
    if len(parts) < 2:
        return ""
    found = [f"{number} × {code}" for code, _sign, number in (part.rpartition("*") for part in parts)]
    return gettext("lines: %(states)s") % {"states": ", ".join(found)}
