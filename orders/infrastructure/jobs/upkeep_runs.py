"""When `manage.py upkeep` ran last, and that no two of them run at once."""

from datetime import timedelta

from django.db.models import F, Q
from django.utils import timezone

from orders.infrastructure.jobs.models import UpkeepRun

# A run that has not ended after this long was killed.
_LONGEST = timedelta(hours=6)


def begin() -> bool:
    """Whether the run is ours; False while another one is under way."""
    now = timezone.now()
    UpkeepRun.objects.get_or_create(pk=1)
    is_idle = Q(started_at=None) | Q(finished_at__gte=F("started_at")) | Q(started_at__lt=now - _LONGEST)
    return bool(UpkeepRun.objects.filter(is_idle, pk=1).update(started_at=now))


def end(*, is_sound: bool, rows: dict[str, int]) -> None:
    """Write down that it came to its end; `rows` are counted by table."""
    UpkeepRun.objects.filter(pk=1).update(
        finished_at=timezone.now(), is_sound=is_sound, details={"rows": rows}
    )


def give_up() -> None:
    """A run that failed lets the next one begin at once, and does not count as the last one."""
    UpkeepRun.objects.filter(pk=1).update(started_at=None)


def latest() -> UpkeepRun | None:
    """None where none has come to its end yet."""
    return UpkeepRun.objects.filter(pk=1).exclude(finished_at=None).first()
