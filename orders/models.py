"""What the portal keeps: saved views, accounts and their managers, the ledger. No order is ever stored."""

from typing import Any, ClassVar, NoReturn

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.validators import RegexValidator
from django.db import models

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
