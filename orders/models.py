"""What people keep: customers they looked at, views they saved, files they asked for. No order is stored."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
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


class Export(models.Model):
    """A file of a whole filtered result that is made, or was made, in the background.

    The file is described by `source`, `customer_id`, `query` (the page's query string without paging),
    `rows`, `format`, `dialect` and `columns` (empty: all). Whatever else could change its bytes is pinned
    when it is asked for: `made_at` and `pinned_end`. `next_offset`, `pages_done`, `orders_done` and
    `rows_done` are the cursor: all before it is safe on the disk. Whoever holds the lease works on it.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting its turn"
        RUNNING = "running", "Being made"
        COMPLETE = "complete", "Complete"
        PARTIAL = "partial", "Incomplete"
        FAILED = "failed", "Stopped"
        CANCELLED = "cancelled", "Cancelled"
        EXPIRED = "expired", "Expired"

    class Rows(models.TextChoices):
        ORDERS = "orders", "One row per order"
        LINES = "lines", "One row per line item"
        BOTH = "both", "Orders and line items, two sheets"

    class Format(models.TextChoices):
        CSV = "csv", "CSV"
        XLSX = "xlsx", "Excel workbook"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    source = models.CharField(max_length=32)
    customer_id = models.CharField(max_length=64)
    query = models.TextField(blank=True)
    rows = models.CharField(max_length=8, choices=Rows, default=Rows.ORDERS)
    format = models.CharField(max_length=8, choices=Format, default=Format.CSV)
    dialect = models.CharField(max_length=8, blank=True)  # `excel`, or nothing
    columns = models.JSONField(default=list, blank=True)
    state = models.CharField(max_length=12, choices=State, default=State.WAITING)

    made_at = models.DateTimeField()  # when it was asked for; the file's name says it
    pinned_end = models.CharField(max_length=40, blank=True)
    searched_from = models.CharField(max_length=40, blank=True)  # the window the upstream says it searched
    searched_to = models.CharField(max_length=40, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)  # of the latest attempt
    finished_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    noticed_at = models.DateTimeField(null=True, blank=True)  # when its owner was told that it is done

    total_count = models.PositiveIntegerField(null=True, blank=True)  # orders, as the upstream counts
    orders_done = models.PositiveIntegerField(default=0)
    rows_done = models.PositiveIntegerField(default=0)
    pages_done = models.PositiveIntegerField(default=0)
    next_offset = models.PositiveIntegerField(default=0)
    orders_at_start = models.PositiveIntegerField(default=0)  # of the latest attempt, for its rate
    duplicates = models.PositiveIntegerField(default=0)  # orders that came twice and stand once

    file_name = models.CharField(max_length=200, blank=True)
    file_path = models.CharField(max_length=300, blank=True)  # below EXPORT_DIR
    file_size = models.PositiveBigIntegerField(null=True, blank=True)
    file_sha256 = models.CharField(max_length=64, blank=True)
    missing = models.JSONField(default=list, blank=True)  # sentences; empty unless incomplete

    error_cause = models.CharField(max_length=32, blank=True)  # a word of `orders.domain.errors`
    error_code = models.CharField(max_length=64, blank=True)
    error_message = models.CharField(max_length=400, blank=True)
    error_request_id = models.CharField(max_length=128, blank=True)
    error_correlation_id = models.CharField(max_length=128, blank=True)

    lease_owner = models.CharField(max_length=64, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    cancel_requested = models.BooleanField(default=False)
    attempts = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-made_at"]
        indexes = [
            models.Index(fields=["owner", "-made_at"], name="exports_by_owner"),
            models.Index(fields=["state", "made_at"], name="exports_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.customer_id}, {self.rows} as {self.format}: {self.state}"

    @property
    def is_under_way(self) -> bool:
        """Waiting or running: there is progress to watch, and something to cancel."""
        return self.state in (self.State.WAITING, self.State.RUNNING)

    @property
    def has_file(self) -> bool:
        """Whether there is something to download; a partial one is named so."""
        return self.state in (self.State.COMPLETE, self.State.PARTIAL) and bool(self.file_path)


class ApiToken(models.Model):
    """Lets a script act as its owner, to read orders and to make files. Only a hash of it is kept."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=16)  # its first letters, for people to tell tokens apart
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    def has_expired(self, now: datetime) -> bool:
        return self.expires_at is not None and self.expires_at <= now


class ColumnPreset(models.Model):
    """A person's own choice of a file's columns, in the order they want them."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    name = models.CharField(max_length=80)
    source = models.CharField(max_length=32)
    rows = models.CharField(max_length=8)
    columns = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "owner", "source", "rows", Lower("name"), name="one_preset_per_name_and_file"
            )
        ]
        ordering = ["source", "rows", "name"]

    def __str__(self) -> str:
        return self.name
