"""What people keep: the customers they looked at, and the views they saved. No order is ever stored."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.timesince import timesince


class RecentCustomer(models.Model):
    """A customer whose orders somebody looked at, and when they last did."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    source = models.CharField(max_length=32)
    customer_id = models.CharField(max_length=64)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "source", "customer_id"], name="one_recent_entry_per_customer"
            )
        ]
        indexes = [models.Index(fields=["owner", "-seen_at"], name="recent_by_owner")]

    def __str__(self) -> str:
        return f"{self.source} {self.customer_id}"

    @property
    def seen_words(self) -> str:
        """`just now`, `3 hours ago`."""
        age = timezone.now() - self.seen_at
        return "just now" if age < timedelta(minutes=1) else f"{timesince(self.seen_at, depth=1)} ago"


class SavedView(models.Model):
    """A named order history with its filters: an address of ours that its owner wants back."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    name = models.CharField(max_length=80)
    source = models.CharField(max_length=32)
    customer_id = models.CharField(max_length=64)
    query = models.CharField(max_length=2000, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="one_saved_view_per_name")]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
