"""Managers with overlapping sets never see each other's rest: in no set, file, schedule or mail."""

import json
import random
from datetime import UTC, datetime, time, timedelta

import pytest
import time_machine
from django.core import mail

from orders import exports
from orders.domain.errors import NotYours
from orders.exports.models import Export, ExportCustomer
from orders.exports.schedules import keeping, running
from orders.ledger.models import LedgerEntry
from orders.people import account_sets
from orders.people.account_set_models import AccountSet
from orders.people.account_sets import AccountChoice
from orders.people.models import Account, AccountCustomer, Assignment
from orders.services.files_of_many import NobodyChosen
from tests.exports.results import content, order, request_export, rows, work
from tests.pages import Page
from tests.personas import person, signed_in
from tests.views.history.test_attention import adobe_order, see

pytestmark = pytest.mark.django_db

DAY = datetime(2026, 11, 27, 6, 30, tzinfo=UTC)


class World:
    """Eight accounts with one or two customers each, two managers of some of them each, and their sets."""

    def __init__(self, chance, upstreams):
        self.chance = chance
        self.accounts = [Account.objects.create(name=f"Account {number}") for number in range(8)]
        self.of = {}
        for number, account in enumerate(self.accounts):
            self.of[account.pk] = [f"10000009{number}{each}" for each in range(chance.randint(1, 2))]
            for customer in self.of[account.pk]:
                AccountCustomer.objects.create(account=account, source="adobe", customer_id=customer)
                upstreams.add_adobe_orders(customer, [order(1, customerId=customer)])
                see(("adobe", customer), adobe_order(f"{customer}7", "1004"))
        names = ("kim", "lee")
        self.people = [person(name, "account manager", email=f"{name}@example.com") for name in names]
        for who in self.people:
            self.assign(who)
            # What is in a set was theirs when it was made, or was put there by somebody with the database.
            account_sets.keep(AccountSet(owner=who), name="Mine", accounts=self.some())

    def some(self):
        return [each.pk for each in self.chance.sample(self.accounts, self.chance.randint(1, 6))]

    def assign(self, who):
        Assignment.objects.filter(person=who).delete()
        for account in self.some():
            Assignment.objects.create(account_id=account, person=who)

    def theirs(self, who, *, in_set=False):
        """The customers whom this person may see now, and of them those in their set."""
        accounts = set(Assignment.objects.filter(person=who).values_list("account", flat=True))
        if in_set:
            accounts &= set(AccountSet.objects.get(owner=who).accounts.values_list("pk", flat=True))
        return {customer for account in accounts for customer in self.of[account]}


def in_ledger(who):
    """Every customer whom any row of this person's names."""
    written = (
        LedgerEntry.objects.filter(actor=who.pk).exclude(action="refused").values_list("details", flat=True)
    )
    named = (json.loads(each).get("customers", ()) for each in written if each)
    return {name.partition(" ")[2] for names in named for name in names}


@pytest.mark.parametrize(
    "seed", [0, 1, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(2, 12))]
)
def test_nothing_of_the_other_s_is_anywhere(
    upstreams, settings, hurried, seed, django_capture_on_commit_callbacks
):
    settings.EMAIL_HOST, settings.REFRESH_MINUTES = "mail.example", 0
    settings.LIMIT_CUSTOMERS_PER_HOUR = 0
    upstreams.forget_added_orders()
    world = World(random.Random(seed), upstreams)
    mine = AccountChoice(sets=("mine",))

    with time_machine.travel(DAY, tick=False):
        for who in world.people:
            for query in ("set=mine", ""):
                keeping.make(
                    who,
                    name="Daily",
                    kind="file",
                    source="adobe",
                    rows="lines",
                    format="csv",
                    every="day",
                    at=time(7),
                    query=f"start-date=2000-01-01&{query}",
                )
                keeping.make(who, name="Board", kind="attention", every="day", at=time(7), query=query)
    asked = {}
    for who in world.people:
        try:
            asked[who] = request_export(who, customer_id="", choice=mine)
        except NobodyChosen:
            assert world.theirs(who, in_set=True) == set()
    seen_before = {who: world.theirs(who) for who in world.people}
    for who in world.people:
        world.assign(who)  # between asking and making
    with (
        time_machine.travel(DAY + timedelta(minutes=35), tick=False),
        django_capture_on_commit_callbacks(execute=True),
    ):
        running.start_due_schedules.call()
        work()
        running.settle_files()

    for who in world.people:
        now, in_set = world.theirs(who), world.theirs(who, in_set=True)
        client = signed_in(who)
        for page in ("/portfolio/?set=mine&q=Account", "/attention/?set=mine&limit=100"):
            text = client.get(page).content.decode()
            shown = {each for customers in world.of.values() for each in customers if each in text}
            assert shown <= now
        rows_shown = Page(client.get("/attention/?set=mine&limit=100")).root.all("tr", data_order_id=True)
        assert {row["data-customer-id"] for row in rows_shown} == in_set
        board = client.get("/attention/export/?set=mine").getvalue().decode()
        assert {each for customers in world.of.values() for each in customers if each in board} == in_set
        made = [export for export in exports.exports_of(who) if export.has_file]
        with time_machine.travel(DAY + timedelta(hours=1), tick=False):
            files = [
                {row["customerId"] for row in rows(content(export))}
                for export in made
                if "Z" in export.file_name
            ]
        assert all(found in (in_set, now) for found in files)
        named = ExportCustomer.objects.filter(export__owner=who).values_list("customer_id", flat=True)
        assert set(named) <= now
        assert in_ledger(who) <= now | seen_before[who]
        for told in mail.outbox:
            if told.to == [who.email]:
                assert not any(each in told.body for customers in world.of.values() for each in customers)
    assert Export.objects.filter(state="partial").count() == 0

    # And what is lost later is not downloaded any more.
    for who in world.people:
        Assignment.objects.filter(person=who).delete()
        for export in exports.exports_of(who):
            if export.has_file:
                with time_machine.travel(DAY + timedelta(hours=1), tick=False), pytest.raises(NotYours):
                    exports.open_file(export, who)
