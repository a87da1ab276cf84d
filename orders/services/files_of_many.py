"""Files over all customers of some accounts: who may have one, and what is written down of it.

As for a file of one customer, but each row in the ledger names all of them among its details.
"""

from collections.abc import Collection
from typing import Any

from orders.domain.errors import NotYours
from orders.domain.granted_rights import Right, Rights
from orders.domain.queries import OrderQuery
from orders.domain.result_pages import given_fields
from orders.ledger import Action, record
from orders.people.account_sets import AccountChoice
from orders.people.permissions import InScope, Person, rights_of, those_in_scope
from orders.services.chosen import chosen_customers
from orders.services.guard import Target, admit, guarded, name_customers


class NobodyChosen(LookupError):
    """None of the accounts that are meant is the person's, or has a customer at this upstream."""


def customers(
    *, actor: Person, source: str, choice: AccountChoice, rights: Rights | None = None
) -> list[InScope]:
    """Those whom the file would have now, in its order: by account, and then by customer."""
    rights = rights_of(actor) if rights is None else rights
    found = [each for each in chosen_customers(actor, rights, choice) if each.source == source]
    return sorted(found, key=_order)


def _order(each: InScope) -> tuple[str, str, int, str]:
    """The same on every database; accounts of one name in other capitals stay together."""
    return each.account_name.casefold(), each.account_name, each.account, each.customer_id


def started(
    *,
    actor: Person,
    source: str,
    choice: AccountChoice,
    query: OrderQuery,
    rows: str,
    reason: str = "",
) -> Rights:
    """Admit the file and write down that it starts. Raises `NobodyChosen` before anything is written."""
    found = customers(actor=actor, source=source, choice=choice)
    details: dict[str, Any] = {
        **given_fields(query),
        "rows": rows,
        "account": list(choice.accounts),
        "set": list(choice.sets),
    }
    name_customers(_pairs(source, [each.customer_id for each in found]), details)
    target = Target(source, details=details)
    admit(Action.EXPORT_START, Right.VIEW, Right.EXPORT, actor=actor, target=Target(source))
    if not found:
        raise NobodyChosen
    with guarded(
        Action.EXPORT_START, Right.VIEW, Right.EXPORT, actor=actor, target=target, reason=reason
    ) as look:
        pass
    return look.rights


def admitted(
    *, actor: Person, source: str, customer_ids: Collection[str], is_revealed: bool = False
) -> Rights:
    """The rights for the next pages of all these customers; a refusal is written down and raised."""
    return _admitted(Action.EXPORT_START, actor, source, customer_ids, is_revealed)


def ended(
    *,
    actor: Person,
    source: str,
    customer_ids: Collection[str],
    row_count: int,
    file_sha256: str = "",
    outcome: str = "ok",
) -> None:
    _record(Action.EXPORT_END, actor, source, customer_ids, row_count, file_sha256, outcome)


def downloaded(
    *,
    actor: Person,
    source: str,
    customer_ids: Collection[str],
    row_count: int,
    file_sha256: str,
    is_revealed: bool = False,
) -> None:
    """Admit the download and write it down before the file is sent: all its customers must be theirs now."""
    _admitted(Action.EXPORT_DOWNLOAD, actor, source, customer_ids, is_revealed)
    _record(Action.EXPORT_DOWNLOAD, actor, source, customer_ids, row_count, file_sha256, "ok")


def _admitted(
    action: Action, actor: Person, source: str, customer_ids: Collection[str], is_revealed: bool
) -> Rights:
    needed = (Right.VIEW, Right.EXPORT, Right.REVEAL) if is_revealed else (Right.VIEW, Right.EXPORT)
    rights = admit(action, *needed, actor=actor, target=Target(source))
    wanted = _pairs(source, customer_ids)
    lost = wanted - those_in_scope(actor, rights, wanted)
    if lost:
        details: dict[str, Any] = {"tried": str(action)}
        name_customers(lost, details)
        record(Action.REFUSED, actor=actor, source=source, outcome="refused-scope", details=details)
        raise NotYours(source=source)
    return rights


def _record(
    action: Action,
    actor: Person,
    source: str,
    customer_ids: Collection[str],
    row_count: int,
    file_sha256: str,
    outcome: str,
) -> None:
    details: dict[str, Any] = {}
    name_customers(_pairs(source, customer_ids), details)
    record(
        action,
        actor=actor,
        source=source,
        details=details,
        outcome=outcome,
        row_count=row_count,
        file_sha256=file_sha256,
    )


def _pairs(source: str, customer_ids: Collection[str]) -> set[tuple[str, str]]:
    return {(source, each) for each in customer_ids}
