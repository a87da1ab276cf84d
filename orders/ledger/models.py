"""The ledger's tables: entries, where a pruned ledger begins, and the head that orders its writers."""

from typing import Any, ClassVar, NoReturn

from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class Action(models.TextChoices):
    """What the ledger knows of."""

    LOOK_UP = "look-up", _("Looked up")
    VIEW_LIST = "view-list", _("Viewed a list")
    VIEW_ORDER = "view-order", _("Viewed an order")
    VIEW_CUSTOMER = "view-customer", _("Viewed a customer")
    VIEW_SUBSCRIPTIONS = "view-subscriptions", _("Viewed a customer's subscriptions")
    VIEW_ATTENTION = "view-attention", _("Viewed what needs attention")
    VIEW_PORTFOLIO = "view-portfolio", _("Viewed accounts")
    WATCH = "watch", _("Watched an order")
    REVEAL = "reveal", _("Revealed personal data")
    EXPORT_START = "export-start", _("Started an export")
    EXPORT_END = "export-end", _("Finished an export")
    EXPORT_DOWNLOAD = "export-download", _("Downloaded an export")
    REFUSED = "refused", _("Was refused")
    SIGN_IN = "sign-in", _("Signed in")
    SIGN_IN_FAILED = "sign-in-failed", _("Failed to sign in")
    SIGN_OUT = "sign-out", _("Signed out")
    RIGHTS_CHANGE = "rights-change", _("Changed rights")
    ACCESS_CHANGE = "access-change", _("Changed how somebody signs in")
    IMPORT = "import", _("Imported accounts")
    REFRESH = "refresh", _("Refreshed customers")
    LIMIT = "limit", _("Came near a limit, or over it")
    LEDGER_READ = "ledger-read", _("Read the ledger")
    LEDGER_EXPORT = "ledger-export", _("Exported the ledger")
    KEY_ROTATION = "key-rotation", _("Changed keys")
    LEDGER_BREAK = "ledger-break", _("Found the ledger's end not as it was left")
    PRUNE = "prune", _("Pruned the ledger")


class AppendOnly(TypeError):
    """Somebody tried to change what may only grow."""


class AppendOnlyQuerySet(models.QuerySet[Any]):
    """Reads only. The database's triggers refuse the same; this says so earlier and more kindly."""

    def _refuse(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnly("the ledger can only be added to, by orders.ledger.record")

    update = delete = bulk_create = bulk_update = create = get_or_create = update_or_create = _refuse


class KeptEntries(models.Manager.from_queryset(AppendOnlyQuerySet)):  # type: ignore[misc]
    """Entries after the newest checkpoint: those before it are pruned, even while they are being deleted."""

    def get_queryset(self) -> models.QuerySet[Any]:
        newest = LedgerCheckpoint.objects.order_by("-up_to").values("up_to")[:1]
        kept: models.QuerySet[Any] = super().get_queryset()
        return kept.filter(id__gt=Coalesce(models.Subquery(newest), 0))


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
    request_id = models.CharField(_("request ID"), max_length=64, blank=True)
    upstream_request_id = models.CharField(_("upstream request ID"), max_length=128, blank=True)
    correlation_id = models.CharField(_("correlation ID"), max_length=128, blank=True)
    client_address = models.CharField(max_length=45, blank=True)
    row_count = models.IntegerField("rows", null=True)
    file_sha256 = models.CharField(_("SHA-256 of the file"), max_length=64, blank=True)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    objects: ClassVar[models.Manager[Any]] = KeptEntries()  # type: ignore[assignment]

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
        return gettext("pruned up to %(up_to)s") % {"up_to": self.up_to}


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
