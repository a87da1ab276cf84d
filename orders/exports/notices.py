"""What is being made for a person, and how what was made ended, until they have been told."""

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet
from django.utils import timezone

from orders.exports.models import Export
from orders.infrastructure.prepared_queries import Prepared
from orders.people import notices

State = Export.State
UNDER_WAY = (State.WAITING, State.RUNNING)
TOLD = (State.COMPLETE, State.PARTIAL, State.FAILED)


def news_of(person: User) -> list[Export]:
    """What is being made for them, and what ended and they have not been told of yet."""
    if not _HAS_NEWS.exists(person.pk):  # as on almost every page
        return []
    return list(_news(person.pk).order_by("made_at"))


def mark_as_told(person: User, exports: QuerySet[Export]) -> None:
    """Their owner has seen how they ended: no other page needs to say so. What is under way still will be."""
    ended = list(exports.exclude(state__in=UNDER_WAY).values_list("pk", flat=True))
    if ended:
        exports.filter(pk__in=ended, noticed_at=None).update(noticed_at=timezone.now())
        # Of some it is their schedule that tells, and not the file.
        notices.mark_seen_at(person, [f"/exports/{pk}/" for pk in ended])


def _news(person: int) -> QuerySet[Export]:
    return Export.objects.filter(Q(state__in=UNDER_WAY) | Q(state__in=TOLD, noticed_at=None), owner_id=person)


_HAS_NEWS = Prepared(lambda person: _news(person).order_by().values_list("state")[:1])
