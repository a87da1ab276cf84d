"""One look at a customer: decided before anything is asked, written down before anything is shown."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from orders import ledger
from orders.domain.errors import NotFound, NotYours, UpstreamError
from orders.domain.exchanges import Exchange
from orders.domain.freshness import ASKED_NOW, Freshness
from orders.domain.granted_rights import Right, Rights
from orders.domain.masking import mask_error
from orders.ledger.models import Action
from orders.people import limits, permissions
from orders.people.permissions import Person

# What is limited by itself, beside the customers whom one looks at.
_LIMITED = {Action.REVEAL: "reveals", Action.EXPORT_START: "exports"}


@dataclass(frozen=True)
class Target:
    """Whom and what a look is about; `details` are the filters of a list."""

    source: str = ""
    customer_id: str = ""
    order_id: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def columns(self) -> dict[str, Any]:
        return {
            "source": self.source,
            "customer_id": self.customer_id,
            "order_id": self.order_id,
            "details": self.details,
        }


@dataclass
class GuardedCall:
    """What the service knows while it looks: the person's rights; and what it tells of the answer."""

    rights: Rights
    exchange: Exchange | None = None
    row_count: int | None = None
    freshness: Freshness = ASKED_NOW


def admit(
    action: Action, *needed: Right, actor: Person, target: Target, rights: Rights | None = None
) -> Rights:
    """The person's rights, looked up if they aren't handed on. A refusal is written down and raised:
    `Refused`, or `NotYours`.
    """
    try:
        return permissions.require(
            actor, *needed, source=target.source, customer_id=target.customer_id, rights=rights
        )
    except permissions.Refused as refused:
        _write_refusal(action, "refused-right", actor, target, str(refused.right))
        raise
    except permissions.OutOfScope:
        _write_refusal(action, "refused-scope", actor, target)
        raise NotYours(source=target.source) from None


@contextmanager
def guarded(
    action: Action,
    *needed: Right,
    actor: Person,
    target: Target,
    reason: str = "",
    rights: Rights | None = None,
) -> Iterator[GuardedCall]:
    """Admit the person, let the service look, and write down what became of it.

    The entry is committed when the block ends, so that no caller can show what isn't written.
    """
    under_way = GuardedCall(admit(action, *needed, actor=actor, target=target, rights=rights))
    hold_to_limits(action, actor, target)
    try:
        yield under_way
    except UpstreamError as error:
        mask_error(error, target.customer_id, target.order_id)
        columns = target.columns
        if error.kind:
            columns["details"] = {**target.details, "failure": error.kind}
        ledger.record(
            action,
            actor=actor,
            outcome=_outcome(error),
            reason=reason,
            exchange=error.exchange,
            **columns,
        )
        raise
    columns = target.columns
    columns["details"] = {**target.details, **_told_of(under_way.freshness)}
    if under_way.freshness.failure is not None:
        # It is shown beside what is stale.
        mask_error(under_way.freshness.failure, target.customer_id, target.order_id)
    ledger.record(
        action,
        actor=actor,
        reason=reason,
        exchange=under_way.exchange,
        row_count=under_way.row_count,
        **columns,
    )


def hold_to_limits(action: Action, actor: Person, target: Target) -> None:
    """Raises `limits.OverLimit` before anything is asked."""
    kinds = [_LIMITED[action]] if action in _LIMITED else []
    limits.take(actor, *kinds, customers=[(target.source, target.customer_id)] if target.customer_id else [])


def look_at_several(actor: Person, customers: Collection[tuple[str, str]], details: dict[str, Any]) -> None:
    """Where one page shows orders of several customers: each is a look of its own to the limits, and is named
    in the entry's `details`. Raises `limits.OverLimit` before anything is shown.
    """
    limits.take(actor, customers=customers)
    name_customers(customers, details)


def name_customers(customers: Collection[tuple[str, str]], details: dict[str, Any]) -> None:
    """Whose orders a page showed, for the `details` of its entry."""
    details["customers"] = sorted({" ".join(each) for each in customers})


def refuse(actor: Person, what: str) -> None:
    """Write down that somebody was refused what is no customer's data."""
    ledger.record(Action.REFUSED, actor=actor, outcome="refused-right", details={"tried": what})


def _told_of(freshness: Freshness) -> dict[str, Any]:
    """What the ledger says of something saved."""
    if freshness.is_live:
        return {}
    told: dict[str, Any] = {"freshness": freshness.state, "age": freshness.age}
    if freshness.failure is not None:
        told["failure"] = freshness.failure.cause
    return told


def _outcome(error: UpstreamError) -> str:
    if isinstance(error, NotFound) or error.cause == "out-of-range":
        return error.cause
    return f"upstream-{error.cause}"


def _write_refusal(action: Action, outcome: str, actor: Person, target: Target, right: str = "") -> None:
    tried = {"tried": str(action)} | ({"right": right} if right else {})
    columns = target.columns | {"details": {**target.details, **tried}}
    person = actor if actor.is_authenticated else None
    ledger.record(Action.REFUSED, actor=person, outcome=outcome, **columns)
