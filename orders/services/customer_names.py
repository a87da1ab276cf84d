"""What a customer is called above their orders."""

from orders.domain.granted_rights import Rights
from orders.index.company_names import company_names
from orders.people.customer_names import customer_name, reseller_of
from orders.people.permissions import Person, is_in_scope

__all__ = ["name_of", "reseller_of"]


def name_of(actor: Person, rights: Rights, source: str, customer_id: str) -> str:
    """As their account is called; without one as their company is, as far as it was seen and may be shown.

    Empty where neither is known, or the customer is not the person's to see.
    """
    account = customer_name(actor, rights, source, customer_id)
    if account or not is_in_scope(actor, rights, source, customer_id):
        return account
    customer = (source, customer_id)
    return company_names([customer]).get(customer, "")
