"""Lists of numbers that people looked up: kept for a day, each for the person who pasted it."""

from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from orders.domain.pasted_text import Mention, Pasted
from orders.index.models import PastedNumbers

KEPT = timedelta(hours=24)


def keep(owner_id: int, pasted: Pasted) -> PastedNumbers:
    forget_pasted()
    return PastedNumbers.objects.create(
        owner_id=owner_id,
        numbers=[
            (each.identifier, each.label, each.system, pasted.times.get(each.identifier, 1))
            for each in pasted.mentions
        ],
        is_cut=pasted.is_cut,
    )


def kept(owner_id: int, pk: UUID) -> PastedNumbers:
    """Raises `PastedNumbers.DoesNotExist` for somebody else's, and after a day."""
    return PastedNumbers.objects.get(pk=pk, owner_id=owner_id, created_at__gt=timezone.now() - KEPT)


def numbers_of(found: PastedNumbers) -> list[tuple[Mention, int]]:
    """Each different number in its order, with how often it stood there."""
    times: dict[str, tuple[Mention, int]] = {}
    for identifier, label, system, count in found.numbers:
        times.setdefault(identifier, (Mention(identifier=identifier, label=label, system=system), count))
    return list(times.values())


def forget_pasted() -> int:
    return PastedNumbers.objects.filter(created_at__lt=timezone.now() - KEPT).delete()[0]
