"""What the portal keeps of people: tokens, roles' scopes, accounts and their managers, saved views."""

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from orders.domain.granted_rights import Right
from orders.domain.identifiers import IDENTIFIER_PATTERN


class ApiToken(models.Model):
    """Lets a script act as its owner, to read orders and to make files. Only a hash of it is kept."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=16)  # its first letters, for people to tell tokens apart
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(auto_now_add=True)
    scopes = models.CharField(max_length=80, default="read export")  # apart by spaces
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    last_used_from = models.CharField(max_length=45, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"


class SecurityNotice(models.Model):
    """How somebody signs in was changed: told to them at each sign-in until they say that they saw it."""

    class Change(models.TextChoices):
        """The word for the ledger, and the words for whom it concerns."""

        PASSWORD = "password", _("Your password was set")
        EMAIL = "e-mail", _("Your e-mail address was changed")
        USER_NAME = "user-name", _("Your user name was changed")
        FACTOR_ADDED = "factor-added", _("A second factor was added")
        FACTOR_REMOVED = "factor-removed", _("A second factor was removed")
        CODES_MADE = "recovery-codes-made", _("New recovery codes were made")
        CODES_REMOVED = "recovery-codes-removed", _("The recovery codes were removed")
        TOKEN_MADE = "token-made", _("A token for scripts was made")
        TOKEN_REVOKED = "token-revoked", _("A token for scripts was revoked")
        IDENTITY_JOINED = "identity-joined", _("An identity provider was joined to your account")
        IDENTITY_LEFT = "identity-left", _("An identity provider was taken off your account")
        SWITCHED_ON = "switched-on", _("You were switched on")
        SWITCHED_OFF = "switched-off", _("You were switched off")
        SESSIONS_ENDED = "sessions-ended", _("All your sessions were ended")
        WEBHOOK_MADE = "webhook-made", _("A webhook was set up for your files")
        WEBHOOK_CHANGED = "webhook-changed", _("The webhook for your files was changed")
        WEBHOOK_KEY = "webhook-key", _("The webhook for your files has a new secret")
        WEBHOOK_REMOVED = "webhook-removed", _("The webhook for your files was removed")
        # Not of one's own sign-in, but for those who read the ledger.
        LIMIT = "limit", _("Somebody is near a limit, or over it")
        LIMIT_RAISED = "limit-raised", _("You may do more for a day")
        LIMIT_KEPT = "limit-kept", _("A limit of yours stays as it is")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    change = models.CharField(max_length=32, choices=Change)
    subject = models.CharField(max_length=400, blank=True)  # which token or factor; never a secret
    by = models.CharField(max_length=150, blank=True)  # the name of whoever did it, as the ledger has it
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ()
        ordering = ["-pk"]
        indexes = [models.Index(fields=["person", "seen_at"], name="security_notices_by_person")]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.change}"


class RoleScope(models.Model):
    """Whose customers a role's rights hold for. A role without one is limited to assigned accounts."""

    class Scope(models.TextChoices):
        ALL = "all", _("Everybody's customers")
        ASSIGNED = "assigned", _("Customers of assigned accounts only")

    group = models.OneToOneField(Group, models.CASCADE, related_name="scope", verbose_name=_("role"))
    scope = models.CharField(max_length=16, choices=Scope, default=Scope.ASSIGNED)

    def __str__(self) -> str:
        return f"{self.group.name}: {self.get_scope_display().lower()}"


class PortalRight(RoleScope):
    """Holds the four rights: Django keeps permissions by model. It has neither a table nor rows."""

    class Meta:
        proxy = True
        default_permissions = ()
        permissions = [(right.value, right.words) for right in Right]


class Account(models.Model):
    """A customer as the business knows it, with its IDs in each upstream."""

    name = models.CharField(max_length=200, unique=True)
    reseller_id = models.CharField(_("reseller ID"), max_length=64, blank=True)
    notes = models.TextField(blank=True)
    refresh_minutes = models.PositiveIntegerField(
        _("refresh every … minutes"),
        null=True,
        blank=True,
        help_text=_("Empty: as often as all others. 0: never by itself."),
    )

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class AccountCustomer(models.Model):
    """One of an account's IDs. A customer belongs to one account only, so who may see it is never unclear."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="customers")
    source = models.CharField("upstream", max_length=32)
    customer_id = models.CharField(
        _("customer ID"), max_length=64, validators=[RegexValidator(rf"^{IDENTIFIER_PATTERN}\Z")]
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "customer_id"], name="one_account_per_customer")
        ]
        verbose_name = _("customer of an account")
        verbose_name_plural = _("customers of accounts")

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
    code_page = models.CharField(max_length=16, blank=True)  # how it was read where it didn't say itself
    text = models.TextField()

    def __str__(self) -> str:
        return self.name


class SavedView(models.Model):
    """Filters, order and columns of an upstream's lists, by name; `query` is the list's own query string.

    Of its owner alone, or of everybody who has the role that it is `shared_with`.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    name = models.CharField(max_length=80)
    source = models.CharField(max_length=32)
    query = models.CharField(max_length=2000, blank=True)
    shared_with = models.ForeignKey(Group, models.SET_NULL, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    deleted_at = models.DateTimeField(null=True, blank=True)  # gone a day later

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "source", "name"],
                condition=models.Q(deleted_at=None),
                name="one_saved_view_per_source_and_name",
            )
        ]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class AdviceText(models.Model):
    """An administrator's own words for one topic of what to tell the customer, in one language.

    Where there are none, the words that come with the portal stand. What a topic's meaning is known from
    is not theirs to change, and is not kept here.
    """

    topic = models.CharField(max_length=64)
    language = models.CharField(max_length=16)
    text = models.TextField(max_length=1000)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["topic", "language"], name="one_advice_text_per_topic_and_language"
            )
        ]
        ordering = ["topic", "language"]
        verbose_name = _("text of what to tell the customer")
        verbose_name_plural = _("texts of what to tell the customer")

    def __str__(self) -> str:
        return f"{self.topic} ({self.language})"
