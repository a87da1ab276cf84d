"""A person's sets of accounts, as links that show one of them alone."""

from dataclasses import dataclass

from django.http import QueryDict

from orders.people import account_sets
from orders.people.permissions import Person
from orders.views.shared.query_strings import with_changes


@dataclass(frozen=True)
class SetChoice:
    """A link that puts the set on, or takes it off; `number` is blank: nobody has counted."""

    words: str
    address: str
    is_on: bool
    number: str = ""


def set_choices(owner: Person, query: QueryDict) -> list[SetChoice]:
    given = {each.casefold() for each in query.getlist("set")}
    found = []
    for pk, name in account_sets.names_of(owner):
        is_on = bool({str(pk), name.casefold()} & given)
        changes = {"set": None if is_on else pk, "account": None, "offset": None}
        found.append(SetChoice(name, with_changes(query, changes), is_on))
    return found
