"""A plan against the database as it is, and its writing: all of it, as it was looked at, or nothing."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from orders.ledger import Action, record
from orders.ledger.appending import lock_head
from orders.people.account_import.planning import Changes, Customer, Known, Plan, StoredAccount, make_plan
from orders.people.account_import.reading import Line, read
from orders.people.granting import accounts_within
from orders.people.models import Account, AccountCustomer, Assignment
from orders.upstreams import catalogue

_CHANGED = _("Nothing was imported: something changed since you looked. Look again.")
_BATCH = 500
_MOST_NAMED = 100  # accounts or moves in one entry


class NotImported(Exception):
    """Nothing was written; the text says why."""


def plan(text: str, *, actor: User | None = None) -> Plan:
    """What the file would do now if `actor` imported it; None runs the machine. Nothing is written."""
    lines = read(text).lines
    return make_plan(lines, _known(lines, actor))


def carry_out(text: str, *, actor: User | None, seal: str = "") -> Plan:
    """Import the whole file, or raise `NotImported` and write nothing.

    With a `seal` it is also refused where the outcomes, or what they rest on, are no longer those that were
    looked at.
    """
    try:
        with transaction.atomic():
            return _carry_out(text, actor, seal)
    except IntegrityError:
        # Somebody else's change of the same rows, made in the same moment, came first.
        raise NotImported(_CHANGED) from None


def _carry_out(text: str, actor: User | None, seal: str) -> Plan:
    lines = read(text).lines
    lock_head()  # so that two imports come one after the other, the second seeing what the first did
    planned = make_plan(lines, _known(lines, actor))
    if planned.has_errors:
        raise NotImported(gettext("Nothing was imported, because some lines have errors."))
    if seal and seal != planned.seal:
        raise NotImported(_CHANGED)
    by: dict[str, Any] = {"actor": actor, "username": "" if actor else "command line"}
    for details in (*_given(planned.changes), *_moved(planned.changes)):
        record(Action.RIGHTS_CHANGE, details=details, **by)
    record(
        Action.IMPORT,
        **by,
        details=planned.counts,
        row_count=len(planned.outcomes),
        file_sha256=hashlib.sha256(text.encode()).hexdigest(),
    )
    _write(planned.changes)
    return planned


def _given(changes: Changes) -> Iterator[dict[str, Any]]:
    """What each manager is given, as the ledger has it: the first accounts by name, and how many more."""
    accounts: dict[str, list[str]] = defaultdict(list)
    for name, username in sorted(changes.assignments):
        accounts[username].append(name)
    for username in sorted(accounts):
        more = len(accounts[username]) - _MOST_NAMED
        given = {"person": username, "accounts": accounts[username][:_MOST_NAMED], "change": "set"}
        yield given | ({"more": more} if more > 0 else {})


def _moved(changes: Changes) -> Iterator[dict[str, Any]]:
    """Whose customers leave whose sight, as the ledger has it: the first by name, and how many more."""
    moves = sorted(changes.moved.items())
    named, more = moves[:_MOST_NAMED], len(moves) - _MOST_NAMED
    if named:
        yield {
            "customers": [" ".join(customer) for customer, _ in named],
            "from": [owner for _, owner in named],
            "to": [changes.customers[customer] for customer, _ in named],
            "change": "moved",
        } | ({"more": more} if more > 0 else {})


def _known(lines: Iterable[Line], actor: User | None) -> Known:
    customers = AccountCustomer.objects.values_list("source", "customer_id", "account__name")
    return Known(
        sources=tuple(catalogue.names()),
        accounts={
            name: StoredAccount(pk, reseller_id)
            for pk, name, reseller_id in Account.objects.values_list("pk", "name", "reseller_id")
        },
        owners={(source, customer_id): name for source, customer_id, name in customers},
        assigned=frozenset(Assignment.objects.values_list("account__name", "person__username")),
        people=_people({line.manager for line in lines if line.manager}),
        within=accounts_within(actor),
    )


def _people(usernames: set[str]) -> dict[str, int]:
    """The keys of active people by user name, asked for in portions that every database takes."""
    wanted = sorted(name for name in usernames if "\0" not in name)
    found: dict[str, int] = {}
    for start in range(0, len(wanted), _BATCH):
        people = get_user_model().objects.filter(username__in=wanted[start : start + _BATCH], is_active=True)
        found |= dict(people.values_list("username", "pk"))
    return found


def _write(changes: Changes) -> None:
    """The ledger has its entries by now, so that the rows send no signals of their own."""
    Account.objects.bulk_create([Account(name=name) for name in changes.accounts], batch_size=_BATCH)
    accounts = {account.name: account for account in Account.objects.all()}
    _write_resellers(changes.resellers, accounts)
    for customer, owner in changes.moved.items():
        _move(customer, accounts[owner], accounts[changes.customers[customer]])
    AccountCustomer.objects.bulk_create(
        [
            AccountCustomer(account=accounts[name], source=source, customer_id=customer_id)
            for (source, customer_id), name in changes.customers.items()
            if (source, customer_id) not in changes.moved
        ],
        batch_size=_BATCH,
    )
    people = _people({username for _, username in changes.assignments})
    Assignment.objects.bulk_create(
        [
            Assignment(account=accounts[name], person_id=people[username])
            for name, username in changes.assignments
        ],
        batch_size=_BATCH,
    )


def _write_resellers(resellers: dict[str, str], accounts: dict[str, Account]) -> None:
    for name, reseller_id in resellers.items():
        accounts[name].reseller_id = reseller_id
    Account.objects.bulk_update([accounts[name] for name in resellers], ["reseller_id"], batch_size=_BATCH)


def _move(customer: Customer, owner: Account, to: Account) -> None:
    source, customer_id = customer
    theirs = AccountCustomer.objects.filter(source=source, customer_id=customer_id, account=owner)
    if theirs.update(account=to) != 1:
        raise NotImported(_CHANGED)
