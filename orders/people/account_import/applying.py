"""A plan against the database as it is, and its import: all of it, as it was looked at, or nothing."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.db import IntegrityError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from orders.ledger import Action, LedgerEntry
from orders.ledger.appending import lock_head
from orders.ledger.recording import entry, record_all
from orders.ledger.verification import head_number
from orders.people.account_import.planning import Changes, Known, Plan, StoredAccount, make_plan
from orders.people.account_import.reading import Line, read
from orders.people.account_import.writing import Overtaken, write
from orders.people.granting import accounts_within
from orders.people.models import Account, AccountCustomer, Assignment
from orders.upstreams import catalogue

_CHANGED = _("Nothing was imported: something changed since you looked. Look again.")
_BATCH = 500
_MOST_NAMED = 100  # accounts or moves in one entry
_ATTEMPTS = 3
# What is in the ledger of each change of accounts' customers and managers, and of people's rights.
_CHANGES = (Action.RIGHTS_CHANGE, Action.IMPORT)


class NotImported(Exception):
    """Nothing was written; the text says why."""


def plan(text: str, *, actor: User | None = None) -> Plan:
    """What the file would do now if `actor` imported it; None runs the machine. Nothing is written."""
    lines = read(text).lines
    return make_plan(lines, _known(lines, actor))


def carry_out(text: str, *, actor: User | None, seal: str = "") -> Plan:
    """Import the whole file, or raise `NotImported` and write nothing.

    With a `seal` it is also refused where the outcomes, or what they rest on, are no longer those that were
    looked at. It is planned while others go on; where one of them changed something meanwhile, once more.
    """
    lines = read(text).lines
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    for _attempt in range(_ATTEMPTS):
        since = head_number()
        known = _known(lines, actor)
        planned = make_plan(lines, known)
        if planned.has_errors:
            raise NotImported(gettext("Nothing was imported, because some lines have errors."))
        if seal and seal != planned.seal:
            raise NotImported(_CHANGED)
        try:
            write(planned.changes, known, at_the_end=partial(_note, planned, sha256, actor, since))
        except (IntegrityError, Overtaken):
            # Somebody else's change, made in the same moment, came first.
            continue
        return planned
    raise NotImported(_CHANGED)


def _note(planned: Plan, sha256: str, actor: User | None, since: int) -> None:
    """Into the ledger, unless somebody's rights were changed since its entry of that number."""
    lock_head()  # so that nobody changes them now
    if LedgerEntry.objects.filter(id__gt=since, action__in=_CHANGES).exists():
        raise Overtaken
    by: dict[str, Any] = {"actor": actor, "username": "" if actor else "command line"}
    changed = (*_given(planned.changes), *_moved(planned.changes))
    given = [entry(Action.RIGHTS_CHANGE, details=each, **by) for each in changed]
    rows = len(planned.outcomes)
    done = entry(Action.IMPORT, details=planned.counts, row_count=rows, file_sha256=sha256, **by)
    record_all([*given, done], actor=actor)


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
