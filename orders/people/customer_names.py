"""What the business calls a customer."""

from orders.domain.granted_rights import Rights
from orders.infrastructure.prepared_queries import Prepared
from orders.people.models import Account, AccountCustomer
from orders.people.permissions import Person, is_in_scope

_NAMES = Prepared(
    lambda source, customer_id: AccountCustomer.objects.filter(
        source=source, customer_id=customer_id
    ).values_list("account__name")[:1]
)


def reseller_of(rights: Rights, source: str, customer_id: str) -> str:
    """The reseller of the customer's account, for whoever may ask for all of a reseller's customers."""
    if not (rights.may_view and rights.sees_all):
        return ""
    accounts = AccountCustomer.objects.filter(source=source, customer_id=customer_id)
    return accounts.values_list("account__reseller_id", flat=True).first() or ""


def customer_name(actor: Person, rights: Rights, source: str, customer_id: str) -> str:
    """The name of the customer's account; empty where there is none, or none that the person may see."""
    if not is_in_scope(actor, rights, source, customer_id):
        return ""
    names = _NAMES.column(source, customer_id)
    return str(names[0]) if names else ""


def accounts_called(actor: Person, rights: Rights, name: str) -> list[int]:
    """The numbers of those accounts of theirs that have exactly this name, capitals aside."""
    # A foreign name and one that nobody has are the same question.
    rows = Account.objects.filter(name__iexact=name, customers__isnull=False)
    if not rights.sees_all:
        rows = rows.filter(assignments__person=actor.pk)
    return list(rows.distinct().values_list("pk", flat=True)[:2])
