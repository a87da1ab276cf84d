"""How far the background has read each customer of an account, and the runs that did so."""

from django.db import models


class RefreshRun(models.Model):
    """One run over many customers. It ends when none of them waits any more; then the ledger has its row."""

    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    customers = models.IntegerField()
    failed = models.IntegerField(default=0)
    orders = models.IntegerField(default=0)
    by = models.CharField(max_length=150, blank=True)  # the name of whoever asked; empty: the timetable

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(
                fields=["began_at"], condition=models.Q(ended_at=None), name="refresh_runs_under_way"
            )
        ]

    def __str__(self) -> str:
        return f"{self.began_at}"


class CustomerRefresh(models.Model):
    """One customer's last read, and the one under way.

    While `run` is set they wait or are being read; whoever holds `lease` until `lease_until` does it.
    `reads_from`, `reads_to` and `next_offset` say where a read that was broken off goes on.
    """

    class Outcome(models.TextChoices):
        NEVER = "never"
        OK = "ok"
        FAILED = "failed"

    source = models.CharField(max_length=32)
    customer_id = models.CharField(max_length=64)
    outcome = models.CharField(max_length=16, choices=Outcome, default=Outcome.NEVER)
    error = models.CharField(max_length=32, blank=True)  # the cause, a word of `orders.domain.errors`
    failures = models.IntegerField(default=0)  # since the last success
    read_at = models.DateTimeField(null=True)  # when the last read that succeeded began
    read_whole_at = models.DateTimeField(null=True)
    tried_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    run = models.ForeignKey(RefreshRun, models.SET_NULL, null=True, related_name="waiting")
    is_whole = models.BooleanField(default=False)  # the read under way
    reads_from = models.CharField(max_length=32, blank=True)
    reads_to = models.DateTimeField(null=True)
    next_offset = models.IntegerField(default=0)
    lease = models.CharField(max_length=32, blank=True)
    lease_until = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["customer_id", "source"], name="one_refresh_per_customer")
        ]
        indexes = [
            models.Index(
                fields=["lease_until"], condition=models.Q(lease_until__isnull=False), name="refresh_leases"
            )
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.customer_id}"
