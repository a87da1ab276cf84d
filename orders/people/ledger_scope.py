"""Which entries of the ledger somebody may read: of everybody's customers, or of those they manage alone."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from orders.domain.granted_rights import Rights
from orders.ledger.models import LedgerEntry
from orders.people.models import AccountCustomer


def entries_for(reader: Any, rights: Rights) -> QuerySet[Any]:
    """Newest first. What is about no customer (people, sign-ins, imports) is for those who see all."""
    entries = LedgerEntry.objects.order_by("-id")
    if rights.sees_all:
        return entries
    theirs = AccountCustomer.objects.filter(
        source=OuterRef("source"), customer_id=OuterRef("customer_id"), account__assignments__person=reader
    )
    return entries.filter(Exists(theirs))
