"""One look at a customer: decided before anything is asked, written down before anything is shown."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from orders import access, ledger
from orders.domain.errors import NotFound, NotYours, UpstreamError
from orders.domain.exchanges import Exchange
from orders.domain.masking import mask_text
from orders.domain.rights import Right, Rights
from orders.models import Action


@dataclass(frozen=True)
class Subject:
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
class Visit:
    """What the service knows while it looks: the person's rights; and what it tells of the answer."""

    rights: Rights
    exchange: Exchange | None = None
    row_count: int | None = None


def admit(action: Action, *rights: Right, actor: Any, subject: Subject) -> Rights:
    """The person's rights. A refusal is written down and raised: `Refused`, or `NotYours`."""
    try:
        return access.require(actor, *rights, source=subject.source, customer_id=subject.customer_id)
    except access.Refused as refused:
        _write_refusal(action, "refused-right", actor, subject, str(refused.right))
        raise
    except access.OutOfScope:
        _write_refusal(action, "refused-scope", actor, subject)
        raise NotYours(source=subject.source) from None


@contextmanager
def visit(action: Action, *rights: Right, actor: Any, subject: Subject, reason: str = "") -> Iterator[Visit]:
    """Admit the person, let the service look, and write down what became of it.

    The entry is committed when the block ends, so that no caller can show what isn't written.
    """
    under_way = Visit(admit(action, *rights, actor=actor, subject=subject))
    try:
        yield under_way
    except UpstreamError as error:
        error.vendor_message = mask_text(error.vendor_message)
        ledger.record(
            action,
            actor=actor,
            outcome=_outcome(error),
            reason=reason,
            exchange=error.exchange,
            **subject.columns,
        )
        raise
    ledger.record(
        action,
        actor=actor,
        reason=reason,
        exchange=under_way.exchange,
        row_count=under_way.row_count,
        **subject.columns,
    )


def refuse(actor: Any, what: str) -> None:
    """Write down that somebody was refused what is no customer's data."""
    ledger.record(Action.REFUSED, actor=actor, outcome="refused-right", details={"tried": what})


def _outcome(error: UpstreamError) -> str:
    if isinstance(error, NotFound) or error.cause == "out-of-range":
        return error.cause
    return f"upstream-{error.cause}"


def _write_refusal(action: Action, outcome: str, actor: Any, subject: Subject, right: str = "") -> None:
    tried = {"tried": str(action)} | ({"right": right} if right else {})
    columns = subject.columns | {"details": {**subject.details, **tried}}
    person = actor if actor.is_authenticated else None
    ledger.record(Action.REFUSED, actor=person, outcome=outcome, **columns)
