"""What a person has seen: of what needs somebody, and of what has changed."""

from django.conf import settings
from django.db import models

from orders.index.models import IndexedOrder


class SeenAlert(models.Model):
    """Seen by this person as it was then: what has changed since, or is of another kind, is unseen again."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    order = models.ForeignKey(
        IndexedOrder, models.DO_NOTHING, db_column="order_key", db_constraint=False, related_name="+"
    )
    kind = models.SmallIntegerField()  # its place in `orders.index.attention.KINDS`
    changed_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["person", "order"], name="one_seen_alert_per_person")]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.order_id}"


class ReadChanges(models.Model):
    """What had been seen to change until then, this person has read."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", primary_key=True
    )
    read_at = models.DateTimeField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.person_id}: {self.read_at}"
