"""The customers of the accounts that somebody has chosen: within their scope, as it is now."""

from orders.domain.granted_rights import Rights
from orders.people.account_sets import AccountChoice, chosen_accounts
from orders.people.permissions import InScope, Person, customers_in_scope


def chosen_customers(actor: Person, rights: Rights, choice: AccountChoice) -> list[InScope]:
    """In the order of `customers_in_scope`."""
    wanted = chosen_accounts(actor, choice)
    scope = customers_in_scope(actor, rights)
    return scope if wanted is None else [each for each in scope if each.account in wanted]
