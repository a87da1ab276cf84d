"""A person's named sets of accounts, and which accounts an address means: some, those of sets, or all.

A set is its owner's alone: that of somebody else leads to nothing, like one that there is not. What is in it
says nothing of who may see it: whoever asks for customers goes through the person's scope besides.
"""

from collections.abc import Collection

import msgspec
from django.db import transaction
from django.db.models import QuerySet

from orders.people.account_set_models import AccountSet
from orders.people.permissions import Person

MOST_SETS = 50
LONGEST_NAME = 80


class AccountChoice(msgspec.Struct, frozen=True, kw_only=True):
    """Which of a person's accounts are meant; nothing given is all of them.

    `accounts` are numbers. `sets` are numbers too, or names in any capitals.
    """

    accounts: tuple[int, ...] = ()
    sets: tuple[str, ...] = ()

    @property
    def is_all(self) -> bool:
        return not self.accounts and not self.sets


ALL_ACCOUNTS = AccountChoice()


def sets_of(owner: Person) -> QuerySet[AccountSet]:
    return AccountSet.objects.filter(owner=owner.pk)


def chosen_accounts(actor: Person, choice: AccountChoice) -> frozenset[int] | None:
    """The numbers of the accounts that are meant, whoever's they are; None for all there are."""
    if choice.is_all:
        return None
    return frozenset(choice.accounts) | _accounts_in(actor, choice.sets)


def _accounts_in(owner: Person, sets: Collection[str]) -> frozenset[int]:
    if not sets:
        return frozenset()
    wanted = {each.casefold() for each in sets}
    found = [
        pk for pk, name in sets_of(owner).values_list("pk", "name") if {str(pk), name.casefold()} & wanted
    ]
    rows = AccountSet.accounts.through.objects.filter(accountset__in=found)
    return frozenset(rows.values_list("account", flat=True))


def is_name_taken(owner: Person, name: str, *, by_others_than: AccountSet | None = None) -> bool:
    others = sets_of(owner).exclude(pk=(by_others_than and by_others_than.pk) or 0)
    return name.casefold() in {each.casefold() for each in others.values_list("name", flat=True)}


def keep(
    account_set: AccountSet, *, name: str, accounts: Collection[int], shown: Collection[int] | None = None
) -> None:
    """A new one, or a changed one. `shown` are the accounts that could be chosen: of a set's others, which
    were not, it keeps those that it has. Whose accounts they are is for the caller to ask.
    """
    with transaction.atomic():
        account_set.name = name
        account_set.save()
        kept = set() if shown is None else set(account_set.accounts.values_list("pk", flat=True)) - set(shown)
        account_set.accounts.set(kept | set(accounts))


def forget(account_set: AccountSet) -> None:
    account_set.delete()


def names_of(owner: Person) -> list[tuple[int, str]]:
    """Number and name of each of a person's sets, by name."""
    return [(pk, name) for pk, name in sets_of(owner).values_list("pk", "name")]
