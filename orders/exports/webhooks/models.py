"""What is to be told to scripts, and how that went."""

from django.db import models

from orders.exports.models import Export


class WebhookDelivery(models.Model):
    """One file whose end is to be told. It waits until there is an end, and until it is taken."""

    class State(models.TextChoices):
        WAITING = "waiting"
        SENT = "sent"
        FAILED = "failed"

    export = models.OneToOneField(Export, models.CASCADE, related_name="+")
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["state", "due_at"], name="webhooks_by_turn")]

    def __str__(self) -> str:
        return f"{self.export_id}: {self.state}"
