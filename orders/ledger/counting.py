"""What the metrics tell of the ledger's entries: how many of which kind, and of nobody who."""

from django.contrib.auth.models import AnonymousUser, User

from orders.infrastructure import metrics
from orders.ledger.models import Action, LedgerEntry

_SIGN_INS = {"ok": "ok", "refused": "refused", "unknown-person": "refused", "blocked": "blocked"}


def count(entry: LedgerEntry, actor: User | AnonymousUser | None) -> None:
    """For an entry that was written."""
    match entry.action:
        case Action.SIGN_IN | Action.SIGN_IN_FAILED:
            metrics.sign_ins.labels(_SIGN_INS.get(entry.outcome, "refused")).inc()
        case Action.REVEAL if entry.outcome == "ok":
            metrics.reveals.labels(_roles(actor)).inc()
        case Action.EXPORT_START if entry.outcome == "ok":
            metrics.exports.labels(_roles(actor)).inc()
        case Action.EXPORT_END:
            metrics.files.labels(entry.outcome).inc()


def _roles(actor: User | AnonymousUser | None) -> str:
    """Roles are few, and no person."""
    if actor is None or not actor.is_authenticated:
        return "none"
    names = sorted(actor.groups.values_list("name", flat=True))
    return ", ".join(names) or ("superuser" if actor.is_superuser else "none")
