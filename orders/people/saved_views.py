"""A person's saved views: filters, order and columns of an upstream's lists, under a name of theirs.

A view belongs to its upstream, not to a customer. It is its owner's alone, or shared with one of their roles:
whoever has that role may use it, and only its owner changes it. What was deleted can be had back for a day.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.contrib.auth.models import Group, User
from django.db.models import Q, QuerySet
from django.utils import timezone

from orders.infrastructure.prepared_queries import Prepared
from orders.people.models import SavedView

MOST_VIEWS = 50
UNDO_FOR = timedelta(days=1)


class TooManyViews(Exception):
    """The person has as many as one may have."""


class NameTaken(Exception):
    """Another view of the person's for this upstream has the name by now."""


class View(NamedTuple):
    """As much of a view as a list needs to offer it."""

    number: int
    name: str
    query: str
    is_shared: bool


_OF_A_LIST = Prepared(
    lambda person, source: (
        _usable_by(person)
        .filter(source=source)
        .order_by("name", "pk")
        .values_list("pk", "name", "query", "shared_with")
    )
)


def _usable_by(person: User | int) -> QuerySet[SavedView]:
    of_their_roles = Group.objects.filter(user=person).values("pk")
    return SavedView.objects.filter(Q(owner=person) | Q(shared_with__in=of_their_roles), deleted_at=None)


def views_of(owner: User) -> QuerySet[SavedView]:
    """The person's own that are not deleted."""
    return SavedView.objects.filter(owner=owner, deleted_at=None)


def views_for(person: User) -> QuerySet[SavedView]:
    """All that the person may use: their own, and those shared with a role of theirs."""
    return _usable_by(person).select_related("owner", "shared_with").order_by("source", "name", "pk")


def views_of_list(person: User, source: str) -> list[View]:
    return [
        View(number, name, query, shared_with is not None)
        for number, name, query, shared_with in _OF_A_LIST.rows(person.pk, source)
    ]


def roles_of(person: User) -> QuerySet[Group]:
    """With whom the person may share."""
    return Group.objects.filter(user=person).order_by("name")


def save_view(*, owner: User, name: str, source: str, query: str) -> SavedView:
    """Keep the view under its name; one of that name is replaced, and stays shared as it was.

    Raises `TooManyViews`.
    """
    mine = views_of(owner)
    if mine.count() >= MOST_VIEWS and not mine.filter(source=source, name=name).exists():
        raise TooManyViews
    view, _ = SavedView.objects.update_or_create(
        owner=owner, source=source, name=name, deleted_at=None, defaults={"query": query}
    )
    return view


def change_view(view: SavedView, *, name: str, shared_with: Group | None) -> None:
    """Another name, another role. Raises `NameTaken`."""
    if _has_name(view, name):
        raise NameTaken
    view.name, view.shared_with = name, shared_with
    view.save(update_fields=["name", "shared_with"])


def delete_view(view: SavedView) -> None:
    """Gone from all lists; `restore_view` brings it back within `UNDO_FOR`."""
    view.deleted_at = timezone.now()
    view.save(update_fields=["deleted_at"])


def deleted_lately(owner: User) -> QuerySet[SavedView]:
    since = timezone.now() - UNDO_FOR
    return SavedView.objects.filter(owner=owner, deleted_at__gt=since).order_by("-deleted_at")


def restore_view(view: SavedView) -> None:
    """Raises `NameTaken` where another one was saved under its name meanwhile."""
    if _has_name(view, view.name):
        raise NameTaken
    view.deleted_at = None
    view.save(update_fields=["deleted_at"])


def forget_deleted(now: datetime) -> int:
    """Take away what nobody can have back any more; says how many."""
    return SavedView.objects.filter(deleted_at__lt=now - UNDO_FOR).delete()[0]


def _has_name(view: SavedView, name: str) -> bool:
    others = views_of(view.owner).filter(source=view.source, name=name)
    return others.exclude(pk=view.pk).exists()
