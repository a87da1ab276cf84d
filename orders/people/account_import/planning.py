"""What a file would do, line by line. Plain Python: what the database holds is handed in as `Known`.

A line names an account, and may give it a reseller ID, one customer, one manager. Nothing is ever taken away,
but a customer that belongs to another account moves, and with it who may see it: an outcome of its own.
Lines that contradict each other are all errors, because only their author knows which is right.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Sequence

import msgspec
from django.utils.translation import gettext

from orders.people.account_import.cells import problem_in
from orders.people.account_import.look_alikes import difference, likeness, tidy
from orders.people.account_import.pauses import with_pauses
from orders.people.account_import.reading import COLUMNS, Line
from orders.people.granting import AccountsWithin

# The graver hides the lesser: a line that moves a customer to a new account is moved, not new.
STATES = ("error", "moved", "changed", "new", "same")

Customer = tuple[str, str]  # source and customer ID


class StoredAccount(msgspec.Struct, frozen=True):
    pk: int
    reseller_id: str


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What there is: accounts by name, customers' accounts, assignments, active people by user name; and what
    of it the importer can hand on.
    """

    sources: tuple[str, ...]
    accounts: dict[str, StoredAccount] = {}
    owners: dict[Customer, str] = {}
    assigned: frozenset[tuple[str, str]] = frozenset()
    people: dict[str, int] = {}
    within: AccountsWithin = AccountsWithin()


class Outcome(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What one line does; `state` is one of `STATES`, and `text` says more."""

    line: int
    state: str
    text: str
    account: str = ""
    customer: str = ""
    manager: str = ""


class Changes(msgspec.Struct, frozen=True):
    """What is to be written: names of new accounts, reseller IDs and customers by account, assignments."""

    accounts: tuple[str, ...]
    resellers: dict[str, str]
    customers: dict[Customer, str]
    moved: dict[Customer, str]  # the account that each moving customer belongs to now
    assignments: tuple[tuple[str, str], ...]


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What a whole file does. `seal` changes where an outcome does, or any row that the plan rests on."""

    outcomes: tuple[Outcome, ...]
    changes: Changes
    seal: str

    @property
    def counts(self) -> dict[str, int]:
        found = Counter(outcome.state for outcome in self.outcomes)
        return {state: found[state] for state in ("new", "changed", "moved", "same", "error")}

    @property
    def has_errors(self) -> bool:
        return any(outcome.state == "error" for outcome in self.outcomes)

    @property
    def does_nothing(self) -> bool:
        return all(outcome.state == "same" for outcome in self.outcomes)


def make_plan(lines: Sequence[Line], known: Known) -> Plan:
    """Decide about every line. The same lines and the same `known` give the same plan."""
    planner = _Planner([_tidied(line, known.sources) for line in lines], known)
    outcomes = tuple(planner.outcome(line) for line in with_pauses(planner.lines))
    return Plan(outcomes=outcomes, changes=planner.changes(), seal=planner.seal(outcomes))


def _tidied(line: Line, sources: tuple[str, ...]) -> Line:
    """The source in its own spelling, whatever its capitals. The account's stays until it is compared."""
    source = line.source.casefold()
    return msgspec.structs.replace(line, source=source) if source in sources else line


class _Claims:
    """What all lines say about one subject: where they differ, the first line of each opinion is kept."""

    def __init__(self) -> None:
        self._first: dict[object, dict[str, int]] = defaultdict(dict)

    def add(self, subject: object, opinion: str, line: int) -> None:
        self._first[subject].setdefault(opinion, line)

    def against(self, subject: object, opinion: str) -> tuple[str, int] | None:
        """Another opinion and its line, if there is one."""
        return next((each for each in self._first.get(subject, {}).items() if each[0] != opinion), None)


class _Planner:
    """Knows what all lines say, and remembers what those above have planned already."""

    def __init__(self, lines: list[Line], known: Known) -> None:
        self.lines = lines
        self._known = known
        self._spellings, self._resellers, self._customers = _Claims(), _Claims(), _Claims()
        self._managers: dict[str, set[str]] = defaultdict(set)
        for account, username in known.assigned:
            self._managers[account].add(username)
        self._alike: dict[str, str] = {likeness(name): name for name in known.accounts}
        # To the upstreams capitals make no difference in an ID, so that two spellings are one customer.
        self._ids = _Claims()
        self._stored_ids = {(source, one.casefold()): one for source, one in known.owners}
        for line in with_pauses(lines):
            self._note(line)
        self._new_accounts: dict[str, None] = {}
        self._new_resellers: dict[str, str] = {}
        self._new_customers: dict[Customer, str] = {}
        self._moved: dict[Customer, str] = {}
        self._new_assignments: dict[tuple[str, str], None] = {}
        # Most lines say one of these: looking its words up took as long as all else.
        self._words = {
            "account": gettext("new account"),
            "customer": gettext("new customer"),
            "assignment": gettext("new assignment"),
        }

    def _note(self, line: Line) -> None:
        if line.account:
            self._spellings.add(likeness(line.account), line.account, line.number)
            if line.reseller_id:
                self._resellers.add(self._name(line), line.reseller_id, line.number)
            if line.customer_id:
                self._customers.add((line.source, line.customer_id), self._name(line), line.number)
                self._ids.add((line.source, line.customer_id.casefold()), line.customer_id, line.number)

    def _name(self, line: Line) -> str:
        """The account's name: as it is stored, if it is; else as it would be."""
        return line.account if line.account in self._known.accounts else tidy(line.account)

    def outcome(self, line: Line) -> Outcome:
        problem = (
            line.problem
            or self._problem_in_cells(line)
            or self._contradiction(line)
            or self._beyond_the_importer(line)
        )
        done = [("error", problem)] if problem else self._effects(line)
        states = {state for state, _ in done}
        return Outcome(
            line=line.number,
            state=next((state for state in STATES if state in states), "same"),
            text="; ".join(text for _, text in done),
            account=self._name(line)[:200],
            customer=" ".join(filter(None, (line.source, line.customer_id)))[:100],
            manager=line.manager[:150],
        )

    def _problem_in_cells(self, line: Line) -> str:
        if not tidy(line.account):
            return gettext("There is no account name.")
        found = next(filter(None, (problem_in(name, getattr(line, name)) for name in COLUMNS)), "")
        if found:
            return found
        if bool(line.source) != bool(line.customer_id):
            return gettext("source and customer_id belong together: give both or neither.")
        if line.source and line.source not in self._known.sources:
            return gettext("There is no such source; there are %(value)s.") % {
                "value": ", ".join(self._known.sources)
            }
        if line.manager and line.manager not in self._known.people:
            return gettext("There is no active person with this user name.")
        return ""

    def _contradiction(self, line: Line) -> str:
        """What another line says otherwise, or the name of an account that looks like this one's."""
        name = self._name(line)
        stored = self._alike.get(likeness(name))
        if stored is not None and name not in self._known.accounts:
            how = difference(name, stored)
            return gettext(
                "There is an account “%(stored)s”, which differs from this name only %(how)s. Write it so."
            ) % {"stored": stored, "how": how}
        other = self._spellings.against(likeness(name), line.account)
        if other and line.account not in self._known.accounts:
            how = difference(line.account, other[0])
            return gettext(
                "Line %(other)s writes this name otherwise: it differs %(how)s. Write it the same everywhere."
            ) % {"other": other[1], "how": how}
        other = self._resellers.against(name, line.reseller_id) if line.reseller_id else None
        if other:
            return gettext("Line %(other)s gives this account another reseller ID.") % {"other": other[1]}
        if not line.customer_id:
            return ""
        other = self._customers.against((line.source, line.customer_id), name)
        return self._spelling_of_customer(line) or (
            gettext("Line %(other)s gives this customer to another account.") % {"other": other[1]}
            if other
            else ""
        )

    def _spelling_of_customer(self, line: Line) -> str:
        if (line.source, line.customer_id) in self._known.owners:
            return ""
        alike = (line.source, line.customer_id.casefold())
        if stored := self._stored_ids.get(alike):
            return gettext("This customer is stored as “%(stored)s”. Write it so.") % {"stored": stored}
        other = self._ids.against(alike, line.customer_id)
        if other is None:
            return ""
        return gettext(
            "Line %(other)s writes this customer ID in other capitals. Write it the same everywhere."
        ) % {"other": other[1]}

    def _beyond_the_importer(self, line: Line) -> str:
        """What the line would give that its importer doesn't have, whoever of the managers would get it."""
        known, name = self._known, self._name(line)
        if name in known.accounts and not known.within.sees(known.accounts[name].pk):
            return gettext("You can't see this account, so you can give it to nobody.")
        owner = known.owners.get((line.source, line.customer_id))
        if line.customer_id and not known.within.sees(known.accounts[owner].pk if owner else None):
            return gettext("You can't see this customer, so you can give it to nobody.")
        given_to = {line.manager} if (name, line.manager) not in known.assigned else set()
        if line.customer_id and owner != name:
            given_to |= self._managers[name]
        above = min(given_to & known.within.above, default="")
        return (
            gettext("%(person)s has rights that you don't have, and would have them for these customers.")
            % {"person": above}
            if above
            else ""
        )

    def _effects(self, line: Line) -> list[tuple[str, str]]:
        """What the line adds, changes and moves, in words; all of it is remembered for the lines below."""
        name = self._name(line)
        done = []
        is_new = name not in self._known.accounts
        if is_new and name not in self._new_accounts:
            self._new_accounts[name] = None
            done.append(("new", self._words["account"]))
        if line.reseller_id and name not in self._new_resellers:
            before = "" if is_new else self._known.accounts[name].reseller_id
            if line.reseller_id != before:
                self._new_resellers[name] = line.reseller_id
                if not is_new:
                    done.append(
                        (
                            "changed",
                            gettext("reseller ID %(value)s becomes %(reseller_id)s")
                            % {"value": before or gettext("none"), "reseller_id": line.reseller_id},
                        )
                    )
        if line.customer_id:
            done += self._customer_effect((line.source, line.customer_id), name)
        pair = (name, line.manager)
        if line.manager and pair not in self._known.assigned and pair not in self._new_assignments:
            self._new_assignments[pair] = None
            done.append(("new", self._words["assignment"]))
        return done

    def _customer_effect(self, customer: Customer, name: str) -> list[tuple[str, str]]:
        owner = self._known.owners.get(customer)
        if owner == name or customer in self._new_customers:
            return []
        self._new_customers[customer] = name
        if owner is None:
            return [("new", self._words["customer"])]
        self._moved[customer] = owner
        return [
            (
                "moved",
                gettext("customer moves here from %(owner)s, whose managers no longer see it")
                % {"owner": owner},
            )
        ]

    def changes(self) -> Changes:
        return Changes(
            accounts=tuple(self._new_accounts),
            resellers=self._new_resellers,
            customers=self._new_customers,
            moved=self._moved,
            assignments=tuple(self._new_assignments),
        )

    def seal(self, outcomes: tuple[Outcome, ...]) -> str:
        """Over the outcomes and every stored row that they rest on, by its key and not only its name."""
        known = self._known
        rests_on = [
            (
                stored and (stored.pk, stored.reseller_id),
                known.owners.get(customer),
                known.people.get(manager),
            )
            for line in with_pauses(self.lines)
            for stored, customer, manager in [
                (known.accounts.get(self._name(line)), (line.source, line.customer_id), line.manager)
            ]
        ]
        owners = sorted({known.accounts[owner].pk for owner in self._moved.values()})
        return hashlib.sha256(msgspec.json.encode([outcomes, rests_on, owners])).hexdigest()
