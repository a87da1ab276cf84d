"""Customers whom somebody looked at last, as far as they are still theirs."""

from django.contrib.auth.models import User

from orders.domain.granted_rights import Rights
from orders.ledger import recent_customers as looks
from orders.ledger.recent_customers import RecentCustomer
from orders.people.permissions import those_in_scope


def recent_customers(person: User, rights: Rights) -> list[RecentCustomer]:
    """The latest first."""
    found = looks.recent_customers(person)
    theirs = those_in_scope(person, rights, {(each.source, each.customer_id) for each in found})
    return [each for each in found if (each.source, each.customer_id) in theirs]
