"""Upstreams that are asked for the numbers of a list, with nobody waiting: whom, and how that ended."""

from django.db import models

from orders.index.models import PastedNumbers


class LiveLookup(models.Model):
    """One list's. `left_out` counts the customers beyond those of whom one list may ask."""

    numbers = models.OneToOneField(PastedNumbers, models.CASCADE, related_name="+", primary_key=True)
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    left_out = models.IntegerField(default=0)

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(
                fields=["begun_at"], condition=models.Q(ended_at=None), name="live_lookups_under_way"
            )
        ]

    def __str__(self) -> str:
        return f"{self.numbers_id}"


class AskedCustomer(models.Model):
    """A customer of whom a list asks. Whoever has it until `lease_until` does the asking."""

    class State(models.TextChoices):
        WAITING = "waiting"
        ASKING = "asking"
        READ = "read"
        UNKNOWN = "unknown"  # the upstream has no such customer
        FAILED = "failed"
        REFUSED = "refused"  # no longer the person's to see

    lookup = models.ForeignKey(LiveLookup, models.CASCADE, related_name="customers", db_index=False)
    source = models.CharField(max_length=32)
    customer_id = models.CharField(max_length=64)
    state = models.CharField(max_length=16, choices=State, default=State.WAITING)
    error = models.CharField(max_length=32, blank=True)  # the cause, a word of `orders.domain.errors`
    lease_until = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["lookup", "source", "customer_id"], name="one_asked_customer")
        ]
        indexes = [models.Index(fields=["lookup", "state"], name="asked_customers_by_state")]

    def __str__(self) -> str:
        return f"{self.source} {self.customer_id}: {self.state}"
