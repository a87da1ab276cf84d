"""`manage.py person_report --customer SOURCE:ID` or `--person NAME`: what is kept, and who looked.

For whoever has a right to know (GDPR, article 15). The report is itself a row in the ledger.
"""

from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialToken
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError
from django.db.models import Count, Max, Min, Q, QuerySet

from orders.domain.identifiers import is_identifier
from orders.exports.models import ColumnSet, Export, ExportCustomer
from orders.exports.schedules.models import Schedule, ScheduleRun
from orders.exports.webhooks.models import WebhookDelivery
from orders.index.company_models import CompanyName
from orders.index.live_models import AskedCustomer, LiveLookup
from orders.index.models import (
    CustomerMonth,
    IndexedCustomer,
    IndexedOrder,
    IndexedReference,
    PastedNumbers,
    StatusChange,
)
from orders.index.refresh_models import CustomerRefresh, RefreshRun
from orders.index.seen_models import ReadChanges, SeenAlert
from orders.index.watch_models import Watch
from orders.ledger import Action, LedgerEntry, record
from orders.people.account_set_models import AccountSet
from orders.people.limit_models import LimitUse, LimitWish
from orders.people.models import (
    AccountCustomer,
    AccountImport,
    ApiToken,
    Assignment,
    SavedView,
    SecurityNotice,
)
from orders.people.notice_models import Notice
from orders.people.settings_models import PersonalSettings
from orders.people.webhook_models import Webhook
from orders.upstreams import catalogue


class Command(BaseCommand):
    help = (
        "Says what the portal keeps of a customer or of one of our people, and who looked. It goes to nobody."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        whom = parser.add_mutually_exclusive_group(required=True)
        whom.add_argument("--customer", metavar="SOURCE:ID", help="such as adobe:1000000137")
        whom.add_argument("--person", metavar="NAME", help="a user name")

    def handle(self, *args: Any, customer: str | None, person: str | None, **options: Any) -> None:
        if customer is not None:
            source, _, customer_id = customer.partition(":")
            if source not in catalogue.names() or not is_identifier(customer_id):
                raise CommandError(f"--customer wants SOURCE:ID; sources: {', '.join(catalogue.names())}.")
            about: dict[str, Any] = {"source": source, "customer_id": customer_id}
            lines = list(_of_customer(source, customer_id))
        else:
            found = User.objects.filter(username=person).first()
            if found is None:
                raise CommandError("There is nobody with this user name.")
            about = {"details": {"person": found.get_username()}}
            lines = list(_of_person(found))
        record(Action.LEDGER_READ, username="command line", row_count=len(lines), **about)
        for line in lines:
            self.stdout.write(line)


def _of_customer(source: str, customer_id: str) -> Iterator[str]:
    """Lines of text. The portal keeps no name of a customer's: only that somebody looked, and of orders that
    were seen their numbers, codes and instants.
    """
    of = {"source": source, "customer_id": customer_id}
    # What showed orders of several customers names them among its details.
    several = (
        *(Action.VIEW_PORTFOLIO, Action.VIEW_ATTENTION, Action.LOOK_UP),
        *(Action.EXPORT_START, Action.EXPORT_END, Action.EXPORT_DOWNLOAD, Action.REFUSED),
        Action.WATCH,
    )
    among_others = Q(action__in=several, details__contains=f'"{source} {customer_id}"')
    entries = LedgerEntry.objects.filter(Q(**of) | among_others)
    yield f"Customer {customer_id} of {source}"
    for kept in AccountCustomer.objects.filter(**of).select_related("account"):
        yield f"account: {kept.account.name}"
    for named in CompanyName.objects.filter(**of):
        yield f"company: {named.name}"
    yield f"files: {Export.objects.filter(**of).count()}"
    led_to = Notice.objects.filter(address__startswith=f"/{source}/customers/{customer_id}/")
    yield f"notices that lead to them: {led_to.count()}"
    yield f"schedules of theirs: {Schedule.objects.filter(**of).count()}"
    among = ExportCustomer.objects.filter(export__source=source, customer_id=customer_id)
    yield f"files of several customers with them: {among.count()}"
    yield from _remembered(source, customer_id)
    yield f"entries in the ledger: {entries.count()}"
    yield from _who_looked(entries)


def _remembered(source: str, customer_id: str) -> Iterator[str]:
    """What the index has of the customer's orders, and how far the background has read them."""
    of = {"source": source, "customer_id": customer_id}
    # No row of the index has the key 0, so that of somebody unknown nothing is counted.
    key = IndexedCustomer.objects.filter(**of).values_list("pk", flat=True).first() or 0
    seen = IndexedOrder.objects.filter(customer=key).aggregate(n=Count("pk"), last=Max("last_seen"))
    last = f", the last seen {seen['last']:%Y-%m-%d %H:%M} UTC" if seen["last"] else ""
    yield f"orders remembered: {seen['n']}{last}"
    yield f"values under which they are found: {IndexedReference.objects.filter(customer_key=key).count()}"
    yield f"changes of their status: {StatusChange.objects.filter(customer=key).count()}"
    yield f"months in which they are counted: {CustomerMonth.objects.filter(customer_key=key).count()}"
    yield f"marked as seen by somebody: {SeenAlert.objects.filter(order__customer=key).count()}"
    for refresh in CustomerRefresh.objects.filter(**of):
        read = f"{refresh.read_at:%Y-%m-%d %H:%M} UTC" if refresh.read_at else "never"
        yield f"read in the background: {read}, the last time {refresh.outcome}"
    lists = PastedNumbers.objects.values_list("numbers", flat=True).iterator()
    named = sum(any(number[0] == customer_id for number in numbers) for numbers in lists)
    yield f"lists of numbers looked up that name them: {named}"
    yield f"lists for which they were asked about: {AskedCustomer.objects.filter(**of).count()}"
    orders = {f"order__{name}": value for name, value in of.items()}
    yield f"watched by: {Watch.objects.filter(**orders).count()}"


def _of_person(person: User) -> Iterator[str]:
    """Lines of text: what the portal keeps of one of our people, and what they did by kind."""
    yield f"Person {person.get_username()}"
    yield f"name: {person.get_full_name()}"
    yield f"e-mail: {person.email}"
    yield f"state: {'on' if person.is_active else 'off'}, since {person.date_joined:%Y-%m-%d}"
    yield f"roles: {', '.join(person.groups.order_by('name').values_list('name', flat=True))}"
    for words, count in _owned(person):
        yield f"{words}: {count}"
    theirs = LedgerEntry.objects.filter(Q(actor=person.pk) | Q(username=person.get_username()))
    yield f"entries in the ledger by them: {theirs.count()}"
    for row in theirs.values("action").annotate(n=Count("id"), last=Max("at")).order_by("action"):
        yield f"  {row['action']}: {row['n']}, the last {row['last']:%Y-%m-%d %H:%M} UTC"
    name = f'"{person.get_username()}"'
    about = LedgerEntry.objects.filter(details__contains=name).exclude(actor=person.pk)
    yield f"entries in the ledger about them: {about.count()}"


def _owned(person: User) -> Iterator[tuple[str, int]]:
    yield "second factors", Authenticator.objects.filter(user=person).count()
    yield "identities of a provider", SocialAccount.objects.filter(user=person).count()
    yield "tokens of a provider", SocialToken.objects.filter(account__user=person).count()
    yield "e-mail addresses kept for the sign-in", EmailAddress.objects.filter(user=person).count()
    waiting = EmailConfirmation.objects.filter(email_address__user=person)
    yield "confirmations of these that wait", waiting.count()
    yield "sessions", UserSession.objects.filter(user=person).count()
    yield "tokens, ended ones too", ApiToken.objects.filter(owner=person).count()
    yield "notices", Notice.objects.filter(person=person).count()
    yield "security notices", SecurityNotice.objects.filter(person=person).count()
    yield "wishes for more than a limit allows", LimitWish.objects.filter(person=person).count()
    yield "what counts towards limits", LimitUse.objects.filter(person=person).count()
    yield "accounts managed", Assignment.objects.filter(person=person).count()
    yield "settings of their own", PersonalSettings.objects.filter(person=person).count()
    yield "lists of numbers looked up", PastedNumbers.objects.filter(owner=person).count()
    asked = AskedCustomer.objects.filter(lookup__numbers__owner=person)
    yield "customers asked about for these", asked.count()
    yield "lists that upstreams were asked for", LiveLookup.objects.filter(numbers__owner=person).count()
    yield "orders watched", Watch.objects.filter(person=person).count()
    yield "orders marked as seen", SeenAlert.objects.filter(person=person).count()
    yield "what changed and was read", ReadChanges.objects.filter(person=person).count()
    yield "refreshes asked for", RefreshRun.objects.filter(by=person.get_username()).count()
    waiting_customers = CustomerRefresh.objects.filter(run__by=person.get_username())
    yield "customers that wait for these", waiting_customers.count()
    yield "saved views", SavedView.objects.filter(owner=person).count()
    yield "sets of accounts", AccountSet.objects.filter(owner=person).count()
    yield "column sets", ColumnSet.objects.filter(owner=person).count()
    yield "webhooks", Webhook.objects.filter(person=person).count()
    yield "files told to webhooks", WebhookDelivery.objects.filter(export__owner=person).count()
    yield "schedules", Schedule.objects.filter(owner=person).count()
    yield "turns of schedules", ScheduleRun.objects.filter(schedule__owner=person).count()
    yield "files", Export.objects.filter(owner=person).count()
    yield "customers in these", ExportCustomer.objects.filter(export__owner=person).count()
    actions = LogEntry.objects.filter(user=person)
    yield "recent actions in the administration", actions.count()
    yield "waiting imports", AccountImport.objects.filter(owner=person).count()


def _who_looked(entries: QuerySet[Any]) -> Iterator[str]:
    by_schedule = Count("id", filter=Q(details__contains='"by": "schedule"'))
    looks = entries.values("username", "action").annotate(
        n=Count("id"), first=Min("at"), last=Max("at"), alone=by_schedule
    )
    for row in looks.order_by("username", "action"):
        when = f"{row['first']:%Y-%m-%d %H:%M} to {row['last']:%Y-%m-%d %H:%M} UTC"
        alone = f", {row['alone']} of them by a schedule" if row["alone"] else ""
        yield f"  {row['username'] or 'nobody known'}: {row['action']} {row['n']} times{alone}, {when}"
