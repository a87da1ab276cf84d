"""Orders that people watch until they settle."""

from django.conf import settings
from django.db import models


class WatchedOrder(models.Model):
    """An order that somebody watches, asked for once for all who do. `due_at` is None while nobody does."""

    source = models.CharField(max_length=32)
    customer_id = models.CharField(max_length=64)
    order_id = models.CharField(max_length=64)
    due_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)  # when it was last answered for
    failures = models.IntegerField(default=0)  # since then
    error = models.CharField(max_length=32, blank=True)  # the cause, a word of `orders.domain.errors`

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["order_id", "customer_id", "source"], name="one_watched_order")
        ]
        indexes = [
            models.Index(
                fields=["due_at"], condition=models.Q(due_at__isnull=False), name="watched_orders_due"
            )
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.customer_id} {self.order_id}"


class Watch(models.Model):
    """One person's watch of one order; it goes on while `end` is empty."""

    class End(models.TextChoices):
        SETTLED = "settled"
        OVER = "over"  # it was watched for as long as may be
        GONE = "gone"  # the upstream has no such order
        REFUSED = "refused"  # no longer the person's to see
        STOPPED = "stopped"  # by the person

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    order = models.ForeignKey(WatchedOrder, models.CASCADE, related_name="watches")
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    end = models.CharField(max_length=16, choices=End, blank=True)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["person", "order"], name="one_watch_per_person")]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.order_id}"
