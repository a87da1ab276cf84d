"""A person's saved views: an order history with its filters, kept under a name of theirs."""

from django.contrib.auth.models import User
from django.db.models import QuerySet

from orders.people.models import SavedView


def views_of(owner: User) -> QuerySet[SavedView]:
    return SavedView.objects.filter(owner=owner)


def save_view(*, owner: User, name: str, source: str, customer_id: str, query: str) -> SavedView:
    """Keep the view under its name; one of that name is replaced."""
    view, _ = SavedView.objects.update_or_create(
        owner=owner, name=name, defaults={"source": source, "customer_id": customer_id, "query": query}
    )
    return view


def delete_view(*, owner: User, pk: int) -> SavedView:
    """Forget one of the person's own; `SavedView.DoesNotExist` for another's, as for none."""
    view = views_of(owner).get(pk=pk)
    view.delete()
    return view
