"""What the portal keeps: saved views, files asked for, accounts and their managers, the ledger. No order."""

import uuid
from datetime import datetime
from typing import Any, ClassVar, NoReturn

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower

from orders.domain.identifiers import IDENTIFIER_PATTERN


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


class RoleScope(models.Model):
    """Whose customers a role's rights hold for. A role without one is limited to assigned accounts."""

    class Scope(models.TextChoices):
        ALL = "all", "Everybody's customers"
        ASSIGNED = "assigned", "Customers of assigned accounts only"

    group = models.OneToOneField(Group, models.CASCADE, related_name="scope", verbose_name="role")
    scope = models.CharField(max_length=16, choices=Scope, default=Scope.ASSIGNED)

    def __str__(self) -> str:
        return f"{self.group.name}: {self.get_scope_display().lower()}"


class PortalRight(RoleScope):
    """Holds the four rights: Django keeps permissions by model. It has neither a table nor rows."""

    class Meta:
        proxy = True
        default_permissions = ()
        permissions = [
            ("view_orders", "View orders"),
            ("reveal_personal_data", "Reveal personal data, and see partner prices"),
            ("export_orders", "Export orders"),
            ("read_ledger", "Read the ledger"),
        ]


class Account(models.Model):
    """A customer as the business knows it, with its IDs in each upstream."""

    name = models.CharField(max_length=200, unique=True)
    reseller_id = models.CharField("reseller ID", max_length=64, blank=True)
    notes = models.TextField(blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class AccountCustomer(models.Model):
    """One of an account's IDs. A customer belongs to one account only, so who may see it is never unclear."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="customers")
    source = models.CharField("upstream", max_length=32)
    customer_id = models.CharField(
        "customer ID", max_length=64, validators=[RegexValidator(rf"^{IDENTIFIER_PATTERN}\Z")]
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "customer_id"], name="one_account_per_customer")
        ]
        verbose_name = "customer of an account"
        verbose_name_plural = "customers of accounts"

    def __str__(self) -> str:
        return f"{self.source} {self.customer_id}"


class Assignment(models.Model):
    """Who manages an account."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="assignments")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="assignments")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "person"], name="one_assignment_per_person")
        ]

    def __str__(self) -> str:
        return f"{self.account.name}: {self.person.get_username()}"


class AccountImport(models.Model):
    """A file of accounts that was checked and waits for a decision. It is gone once that is made."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    text = models.TextField()

    def __str__(self) -> str:
        return self.name


class Action(models.TextChoices):
    """What the ledger knows of."""

    LOOK_UP = "look-up", "Looked up"
    VIEW_LIST = "view-list", "Viewed a list"
    VIEW_ORDER = "view-order", "Viewed an order"
    REVEAL = "reveal", "Revealed personal data"
    EXPORT_START = "export-start", "Started an export"
    EXPORT_END = "export-end", "Finished an export"
    EXPORT_DOWNLOAD = "export-download", "Downloaded an export"
    REFUSED = "refused", "Was refused"
    SIGN_IN = "sign-in", "Signed in"
    SIGN_IN_FAILED = "sign-in-failed", "Failed to sign in"
    SIGN_OUT = "sign-out", "Signed out"
    RIGHTS_CHANGE = "rights-change", "Changed rights"
    IMPORT = "import", "Imported accounts"
    LEDGER_READ = "ledger-read", "Read the ledger"
    LEDGER_EXPORT = "ledger-export", "Exported the ledger"
    PRUNE = "prune", "Pruned the ledger"


class AppendOnly(TypeError):
    """Somebody tried to change what may only grow."""


class AppendOnlyQuerySet(models.QuerySet[Any]):
    """Reads only. The database's triggers refuse the same; this says so earlier and more kindly."""

    def _refuse(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnly("the ledger can only be added to, by orders.ledger.record")

    update = delete = bulk_create = bulk_update = create = get_or_create = update_or_create = _refuse


class AppendOnlyModel(models.Model):
    objects: ClassVar[models.Manager[Any]] = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True
        default_permissions = ()
        base_manager_name = "objects"

    def save(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnly("the ledger can only be added to, by orders.ledger.record")

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnly("the ledger can only be added to; prune_ledger takes its oldest part away")

    def append(self) -> None:
        """Only for the chain's own writer, which holds the lock and has sealed the row."""
        super().save_base(force_insert=True)


class LedgerEntry(AppendOnlyModel):
    """One thing that somebody did. Numbers have no gaps; `hash` seals the row and all rows before it."""

    id = models.BigIntegerField("number", primary_key=True)
    at = models.DateTimeField()
    # A person may be deleted; what they did stays, with the name they had then.
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.DO_NOTHING,
        null=True,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    username = models.CharField("person", max_length=150, blank=True)
    action = models.CharField(max_length=32)  # one of Action
    source = models.CharField("upstream", max_length=32, blank=True)
    customer_id = models.CharField("customer", max_length=64, blank=True)
    order_id = models.CharField("order", max_length=64, blank=True)
    details = models.TextField(blank=True)  # JSON: filters, or what was changed of whose rights
    outcome = models.CharField(max_length=32)
    reason = models.CharField(max_length=200, blank=True)
    request_id = models.CharField("request ID", max_length=64, blank=True)
    upstream_request_id = models.CharField("upstream request ID", max_length=128, blank=True)
    correlation_id = models.CharField("correlation ID", max_length=128, blank=True)
    client_address = models.CharField(max_length=45, blank=True)
    row_count = models.IntegerField("rows", null=True)
    file_sha256 = models.CharField("SHA-256 of the file", max_length=64, blank=True)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta(AppendOnlyModel.Meta):
        ordering = ["-id"]
        verbose_name_plural = "ledger"
        indexes = [
            models.Index(fields=["source", "customer_id", "-id"], name="ledger_by_customer"),
            models.Index(fields=["actor", "-id"], name="ledger_by_person"),
            models.Index(fields=["at"], name="ledger_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.id}: {self.username} {self.action}"

    @property
    def action_words(self) -> str:
        return str(Action(self.action).label) if self.action in Action.values else self.action


class LedgerCheckpoint(AppendOnlyModel):
    """Where the ledger begins since its oldest part was pruned: the seal of the last entry that is gone."""

    up_to = models.BigIntegerField(primary_key=True)
    hash = models.CharField(max_length=64)
    at = models.DateTimeField()
    before = models.DateTimeField()
    seal = models.CharField(max_length=64)

    class Meta(AppendOnlyModel.Meta):
        ordering = ["up_to"]

    def __str__(self) -> str:
        return f"pruned up to {self.up_to}"


class LedgerHead(models.Model):
    """The ledger's last entry, kept apart so that a cut-off end is noticed. Its one row is also the lock."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    number = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64)
    seal = models.CharField(max_length=64)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.number} {self.hash}"
