"""Accounts and assignments from a CSV file: what each line would do, then all of it or nothing.

Columns: account, reseller_id, source, customer_id, manager (a user name). A line names an account, and
may give it one customer, one manager, or both. Nothing is ever taken away by an import, but a customer
that belongs to another account moves.
"""

import csv
import hashlib
import io
from collections import Counter
from collections.abc import Iterable
from typing import Any

import msgspec
from django.contrib.auth import get_user_model
from django.db import transaction

from orders.domain.identifiers import is_identifier
from orders.ledger import Action, record
from orders.ledger.appending import lock_head
from orders.models import Account, AccountCustomer, Assignment
from orders.upstreams import registry

COLUMNS = ("account", "reseller_id", "source", "customer_id", "manager")
MOST_BYTES = 5 * 2**20
MOST_LINES = 50_000
_LONGEST = {"account": 200, "reseller_id": 64, "manager": 150}


class Unreadable(Exception):
    """The file as a whole can't be used; the text says why."""


class NotImported(Exception):
    """Nothing was written, because some lines have errors."""


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What one line does; `state` is `new`, `changed`, `unchanged` or `error`, and `text` says more."""

    line: int
    state: str
    text: str
    account: str = ""
    customer: str = ""
    manager: str = ""


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What a whole file does. `sha256` is the file's; `seal` changes when any outcome does."""

    outcomes: tuple[Outcome, ...]
    sha256: str

    @property
    def counts(self) -> dict[str, int]:
        found = Counter(outcome.state for outcome in self.outcomes)
        return {state: found[state] for state in ("new", "changed", "unchanged", "error")}

    @property
    def has_errors(self) -> bool:
        return any(outcome.state == "error" for outcome in self.outcomes)

    @property
    def does_nothing(self) -> bool:
        return all(outcome.state == "unchanged" for outcome in self.outcomes)

    @property
    def seal(self) -> str:
        return hashlib.sha256(msgspec.json.encode(self.outcomes)).hexdigest()


class _Line(msgspec.Struct, frozen=True, kw_only=True):
    number: int
    account: str
    reseller_id: str
    source: str
    customer_id: str
    manager: str


def decode(content: bytes) -> str:
    """The file as text; raises `Unreadable` for one that is too long or not UTF-8."""
    if len(content) > MOST_BYTES:
        raise Unreadable(f"The file is larger than {MOST_BYTES // 2**20} MB.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Unreadable(f"Line {line} is not UTF-8. Save the file as “CSV UTF-8”.") from None
    if "\0" in text:
        raise Unreadable("The file holds NUL characters: it is not a CSV file.")
    return text


def plan(text: str) -> Plan:
    """What the file would do now. Nothing is written."""
    lines = _read(text)
    return _Planner(lines).plan(hashlib.sha256(text.encode()).hexdigest())


@transaction.atomic
def carry_out(text: str, *, actor: Any, seal: str = "") -> Plan:
    """Import the whole file, or raise `NotImported` and write nothing.

    With a `seal` it is also refused where the outcomes are no longer those that were looked at.
    """
    lines = _read(text)
    lock_head()  # so that two imports come one after the other, the second seeing what the first did
    planner = _Planner(lines)
    planned = planner.plan(hashlib.sha256(text.encode()).hexdigest())
    if planned.has_errors:
        raise NotImported("Nothing was imported, because some lines have errors.")
    if seal and seal != planned.seal:
        raise NotImported("Nothing was imported: something changed since you looked. Look again.")
    record(
        Action.IMPORT,
        actor=actor,
        username="" if actor else "command line",
        details=planned.counts,
        row_count=len(planned.outcomes),
        file_sha256=planned.sha256,
    )
    planner.write()
    return planned


def _read(text: str) -> list[_Line]:
    first = text.split("\n", 1)[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        names = [name.strip().casefold() for name in next(reader, [])]
        missing = [name for name in COLUMNS if name not in names]
        if missing:
            raise Unreadable(f"The first line must name the columns; missing: {', '.join(missing)}.")
        lines = []
        for cells in reader:
            if any(cell.strip() for cell in cells):
                lines.append(_line(reader.line_num, names, cells))
            if len(lines) > MOST_LINES:
                raise Unreadable(f"The file has more than {MOST_LINES:,} lines.")
    except csv.Error as error:
        raise Unreadable(f"Line {reader.line_num} can't be read as CSV: {error}.") from None
    if not lines:
        raise Unreadable("The file has no lines below its heading.")
    return lines


def _line(number: int, names: list[str], cells: list[str]) -> _Line:
    given = dict.fromkeys(COLUMNS, "") | {
        name: cell.strip() for name, cell in zip(names, cells, strict=False) if name in COLUMNS
    }
    return _Line(number=number, **given)


class _Planner:
    """Decides line by line against what the database has, and what the lines before have planned."""

    def __init__(self, lines: list[_Line]) -> None:
        self._lines = lines
        self._accounts = {account.name: account for account in Account.objects.all()}
        self._owners = {
            (source, customer_id): name
            for source, customer_id, name in AccountCustomer.objects.values_list(
                "source", "customer_id", "account__name"
            )
        }
        self._assigned = set(Assignment.objects.values_list("account__name", "person__username"))
        usernames = {line.manager for line in lines if line.manager}
        self._people = _people(usernames)
        # What this file decides, so that its lines can't contradict each other.
        self._resellers: dict[str, str] = {}
        self._moves: dict[tuple[str, str], str] = {}
        self._new_accounts: dict[str, None] = {}
        self._new_assignments: dict[tuple[str, str], None] = {}

    def plan(self, sha256: str) -> Plan:
        return Plan(outcomes=tuple(self._outcome(line) for line in self._lines), sha256=sha256)

    def _outcome(self, line: _Line) -> Outcome:
        problem = self._problem(line)
        new, changed = ([], []) if problem else self._effects(line)
        state = "error" if problem else "new" if new else "changed" if changed else "unchanged"
        return Outcome(
            line=line.number,
            state=state,
            text=problem or "; ".join([*new, *changed]),
            account=line.account[:200],
            customer=" ".join(filter(None, (line.source, line.customer_id)))[:100],
            manager=line.manager[:150],
        )

    def _problem(self, line: _Line) -> str:
        if not line.account:
            return "There is no account name."
        for name, longest in _LONGEST.items():
            if len(getattr(line, name)) > longest:
                return f"{name} is longer than {longest} characters."
        if bool(line.source) != bool(line.customer_id):
            return "source and customer_id belong together: give both or neither."
        if line.source and line.source not in registry.names():
            return f"There is no such source; there are {', '.join(registry.names())}."
        if line.customer_id and not is_identifier(line.customer_id):
            return "That can't be a customer ID: 1 to 64 letters, digits, “-”, “_” or “.”."
        if line.manager and line.manager not in self._people:
            return "There is no active person with this user name."
        if line.reseller_id and self._resellers.get(line.account, line.reseller_id) != line.reseller_id:
            return "A line above gives this account another reseller ID."
        if line.customer_id and self._moves.get(_customer(line), line.account) != line.account:
            return "A line above gives this customer to another account."
        return ""

    def _effects(self, line: _Line) -> tuple[list[str], list[str]]:
        """What the line adds and what it changes; both are remembered for the lines below."""
        new, changed = [], []
        account = self._accounts.get(line.account)
        if account is None and line.account not in self._new_accounts:
            self._new_accounts[line.account] = None
            new.append("new account")
        before = self._resellers.get(line.account, account.reseller_id if account else "")
        if line.reseller_id and line.reseller_id != before:
            if not new:
                changed.append(f"reseller ID {before or 'none'} becomes {line.reseller_id}")
            self._resellers[line.account] = line.reseller_id
        if line.customer_id:
            owner = self._moves.get(_customer(line), self._owners.get(_customer(line)))
            if owner is None:
                new.append("new customer")
            elif owner != line.account:
                changed.append(f"customer moves here from {owner}")
            self._moves[_customer(line)] = line.account
        pair = (line.account, line.manager)
        if line.manager and pair not in self._assigned and pair not in self._new_assignments:
            self._new_assignments[pair] = None
            new.append("new assignment")
        return new, changed

    def write(self) -> None:
        """One entry in the ledger stands for all of it, so that the rows send no signals of their own."""
        Account.objects.bulk_create([Account(name=name) for name in self._new_accounts], batch_size=500)
        accounts = {account.name: account for account in Account.objects.all()}
        changed = []
        for name, reseller_id in self._resellers.items():
            if accounts[name].reseller_id != reseller_id:
                accounts[name].reseller_id = reseller_id
                changed.append(accounts[name])
        Account.objects.bulk_update(changed, ["reseller_id"], batch_size=500)
        moved = [key for key, name in self._moves.items() if self._owners.get(key) not in (None, name)]
        for source, customer_id in moved:
            AccountCustomer.objects.filter(source=source, customer_id=customer_id).update(
                account=accounts[self._moves[source, customer_id]]
            )
        AccountCustomer.objects.bulk_create(
            [
                AccountCustomer(account=accounts[name], source=key[0], customer_id=key[1])
                for key, name in self._moves.items()
                if key not in self._owners
            ],
            batch_size=500,
        )
        Assignment.objects.bulk_create(
            [
                Assignment(account=accounts[name], person_id=self._people[username])
                for name, username in self._new_assignments
            ],
            batch_size=500,
        )


def _customer(line: _Line) -> tuple[str, str]:
    return line.source, line.customer_id


def _people(usernames: Iterable[str]) -> dict[str, Any]:
    """The keys of active people by user name, asked for in portions that every database takes."""
    wanted = sorted(usernames)
    found: dict[str, Any] = {}
    for start in range(0, len(wanted), 500):
        people = get_user_model().objects.filter(username__in=wanted[start : start + 500], is_active=True)
        found |= dict(people.values_list("username", "pk"))
    return found
