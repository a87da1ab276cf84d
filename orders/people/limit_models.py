"""What is kept of limits: what counts towards them, and people's wishes for more."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class LimitUse(models.Model):
    """One thing that somebody began of a kind that is limited, for as long as it counts.

    Written before it is done, under the person's lock, so that two requests at once can't both be the last.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=16)  # one of orders.people.limits.KINDS
    subject = models.CharField(max_length=64, blank=True)  # which customer, as a digest; else empty
    at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["person", "kind", "at"], name="limit_uses_by_person")]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.kind}"


class LimitWish(models.Model):
    """Somebody's wish for more than a limit allows, and what became of it. `granted` holds up to `until`."""

    class State(models.TextChoices):
        OPEN = "open", _("Nobody has decided yet")
        GRANTED = "granted", _("Granted")
        DECLINED = "declined", _("Declined")
        TAKEN_BACK = "taken-back", _("Granted, and taken back")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=16)
    limit = models.PositiveIntegerField()  # what held when they asked
    reason = models.CharField(max_length=200)  # as the ledger has it
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=State, default=State.OPEN)
    decided_by = models.CharField(max_length=150, blank=True)  # a user name, as the ledger has it
    decided_at = models.DateTimeField(null=True, blank=True)
    granted = models.PositiveIntegerField(null=True, blank=True)
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ()
        ordering = ["asked_at", "pk"]
        indexes = [
            models.Index(fields=["person", "kind", "until"], name="limit_wishes_by_person"),
            models.Index(fields=["state"], name="limit_wishes_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.kind}, {self.state}"
