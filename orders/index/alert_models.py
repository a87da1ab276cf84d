"""What a person has seen of what needs somebody."""

from django.conf import settings
from django.db import models

from orders.index.models import IndexedOrder


class SeenAlert(models.Model):
    """Seen by this person as it was then: what has changed since, or is of another kind, is unseen again."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    order = models.ForeignKey(
        IndexedOrder, models.DO_NOTHING, db_column="order_key", db_constraint=False, related_name="+"
    )
    kind = models.SmallIntegerField()  # its place in `orders.index.alerts.KINDS`
    changed_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["person", "order"], name="one_seen_alert_per_person")]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.order_id}"
