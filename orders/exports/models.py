"""Files asked for, and people's own choices of columns."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Export(models.Model):
    """A file of a whole filtered result that is made, or was made, within a request or in the background.

    Without a `customer_id` it is over all customers of some accounts, who are then fixed by `ExportCustomer`;
    its pages are customers.

    The file is described by `source`, `customer_id`, `query` (the page's query string without paging),
    `rows`, `format`, `dialect`, `columns` (empty: all) and `reason` (why it holds personal data in the
    clear; empty where it doesn't). Whatever else could change its bytes is pinned when it is asked for:
    `made_at` and `pinned_end`. `next_offset`, `pages_done`, `orders_done` and
    `rows_done` are the cursor: all before it is safe on the disk. Whoever holds the lease works on it.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting its turn")
        RUNNING = "running", _("Being made")
        COMPLETE = "complete", _("Complete")
        PARTIAL = "partial", _("Incomplete")
        FAILED = "failed", _("Stopped")
        CANCELLED = "cancelled", pgettext_lazy("a file", "Cancelled")
        EXPIRED = "expired", _("Expired")

    class Rows(models.TextChoices):
        ORDERS = "orders", _("One row per order")
        LINES = "lines", _("One row per line item")
        BOTH = "both", _("Orders and line items, two sheets")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    source = models.CharField(max_length=32)
    customer_id = models.CharField(max_length=64)
    query = models.TextField(blank=True)
    rows = models.CharField(max_length=8, choices=Rows, default=Rows.ORDERS)
    # Names of a file format, of which `orders.exports.engine.formats` has the list.
    format = models.CharField(max_length=8, default="csv")
    dialect = models.CharField(max_length=16, blank=True)
    columns = models.JSONField(default=list, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    # Of a file over several customers: which accounts were chosen, by number, and which sets; none is all.
    accounts = models.JSONField(default=list, blank=True)
    account_sets = models.JSONField(default=list, blank=True)
    customers = models.PositiveIntegerField(default=0)  # how many there are, once its making has begun
    token_prefix = models.CharField(max_length=16, blank=True)  # of the script's token that asked for it
    state = models.CharField(max_length=12, choices=State, default=State.WAITING)

    made_at = models.DateTimeField()  # when it was asked for; the file's name says it
    pinned_end = models.CharField(max_length=40, blank=True)
    searched_from = models.CharField(max_length=40, blank=True)  # the window the upstream says it searched
    searched_to = models.CharField(max_length=40, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)  # of the latest attempt
    finished_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    noticed_at = models.DateTimeField(null=True, blank=True)  # when its owner was told that it is done

    # Its end, while the ledger does not have it: set together with the state, cleared with the entry.
    owed_end = models.CharField(max_length=32, blank=True)

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
    content_sha256 = models.CharField(max_length=64, blank=True)  # of its rows, whatever wraps them
    missing = models.JSONField(default=list, blank=True)  # sentences; empty unless incomplete
    unreadable = models.JSONField(default=dict, blank=True)  # how many values of a column could not be read

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
        return f"{self.source} {self.customer_id or 'portfolio'}, {self.rows} as {self.format}: {self.state}"

    @property
    def is_under_way(self) -> bool:
        """Waiting or running: there is progress to watch, and something to cancel."""
        return self.state in (self.State.WAITING, self.State.RUNNING)

    @property
    def is_portfolio(self) -> bool:
        return not self.customer_id

    @property
    def has_file(self) -> bool:
        """Whether there is something to download; a partial one is named so."""
        return self.state in (self.State.COMPLETE, self.State.PARTIAL) and bool(self.file_path)


class ExportCustomer(models.Model):
    """One customer of a file over several, with the account's name as it was then."""

    export = models.ForeignKey(Export, models.CASCADE, related_name="+")
    place = models.PositiveIntegerField()
    account_name = models.CharField(max_length=200)
    customer_id = models.CharField(max_length=64)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["export", "place"], name="one_export_customer_per_place")
        ]
        indexes = [models.Index(fields=["customer_id"], name="export_customers_by_id")]

    def __str__(self) -> str:
        return self.customer_id


class FilePlace(models.Model):
    """Where the files of this installation lie: one row. Whoever has another place must not start."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    place = models.CharField(max_length=300)  # what the directory's marker says, or EXPORT_STORAGE_URL#marker

    def __str__(self) -> str:
        return self.place


class ColumnSet(models.Model):
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
