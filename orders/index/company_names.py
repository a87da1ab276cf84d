"""Companies' names, remembered and found again. Whose customers those are is for the caller to ask."""

from collections.abc import Collection
from datetime import timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from orders.domain.identifiers import without_unseen
from orders.index.company_models import CompanyName

Customer = tuple[str, str]  # source and customer ID

_TOGETHER = 400
_LONGEST = 200
# A look that says the same again is written down at most this often.
_SEEN_EVERY = timedelta(days=1)


def remember_company(source: str, customer_id: str, name: str) -> None:
    """What the upstream calls the customer's company. Nothing is kept where such names are not shown."""
    name = without_unseen(name)[:_LONGEST]
    if not settings.SHOW_COMPANY_NAMES or not name or not name.isprintable():
        return
    now = timezone.now()
    known = CompanyName.objects.filter(source=source, customer_id=customer_id)
    if not known.filter(name=name, seen_at__gt=now - _SEEN_EVERY).exists():
        CompanyName.objects.update_or_create(
            source=source, customer_id=customer_id, defaults={"name": name, "seen_at": now}
        )


def company_names(customers: Collection[Customer]) -> dict[Customer, str]:
    """Of those of these customers whose company's name is remembered."""
    if not settings.SHOW_COMPANY_NAMES:
        return {}
    wanted = set(customers)
    ids = sorted({customer_id for _, customer_id in wanted})
    rows = [
        row
        for start in range(0, len(ids), _TOGETHER)
        for row in CompanyName.objects.filter(customer_id__in=ids[start : start + _TOGETHER]).values_list(
            "source", "customer_id", "name"
        )
    ]
    return {(row[0], row[1]): row[2] for row in rows if (row[0], row[1]) in wanted}


def forget_old() -> int:
    """After as long as orders are remembered; all of them, once they are not to be shown."""
    before = timezone.now() - timedelta(days=settings.INDEX_RETENTION_DAYS)
    old = Q(seen_at__lt=before) if settings.SHOW_COMPANY_NAMES else Q()
    return CompanyName.objects.filter(old).delete()[0]
