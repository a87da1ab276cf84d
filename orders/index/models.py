"""What is remembered of orders that somebody, a file or a refresh has seen: numbers, codes and instants.

Nothing here names a person, an address or a card, and no text of an upstream's is kept as it came
(`orders.index.entries`). Text IDs stand in `IndexedCustomer` once; all else has its number.
"""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils import timezone


class IndexedCustomer(models.Model):
    """A customer of one upstream, as they were asked for."""

    source = models.CharField(max_length=32)
    customer_id = models.CharField(max_length=64)
    first_seen = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["customer_id", "source"], name="index_one_row_per_customer")
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.customer_id}"


class IndexedOrder(models.Model):
    """One order as it was last seen. Texts are empty and instants None where the upstream said nothing.

    `line_statuses` are codes with how many lines have them: `1000*2 1002*1`. `numbers` are the values under
    which it is found, as they stand in `IndexedReference`. `trouble` to `outcome` are facts of
    `orders.domain.standing`; `is_alert` says that one of them may need somebody; `month` counts months since
    the year 0, and is 0 where the order has no date. `changed_at` is the upstream's latest instant, or when a
    change was first seen.
    """

    customer = models.ForeignKey(
        IndexedCustomer,
        models.DO_NOTHING,
        db_column="customer_key",
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    order_id = models.CharField(max_length=64)
    order_type = models.CharField(max_length=32)
    status = models.CharField(max_length=32)
    line_statuses = models.CharField(max_length=200)
    external_reference = models.CharField(max_length=64)
    reference_order_id = models.CharField(max_length=64)
    numbers = models.TextField()
    line_count = models.IntegerField(null=True)
    total_quantity = models.BigIntegerField(null=True)
    total_amount = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    total_tax = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    total_discount = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    currency = models.CharField(max_length=8)
    promotion_results = models.CharField(max_length=200)  # codes with their number, as `line_statuses`
    created_at = models.DateTimeField(null=True)
    updated_at = models.DateTimeField(null=True)
    status_updated_at = models.DateTimeField(null=True)
    scheduled_at = models.DateTimeField(null=True)
    is_deleted = models.BooleanField()
    retry_kind = models.CharField(max_length=32)
    retry_used = models.IntegerField(null=True)
    retry_allowed = models.IntegerField(null=True)
    retry_days = models.IntegerField(null=True)
    error_code = models.CharField(max_length=32)
    trouble = models.CharField(max_length=20)
    open_since = models.DateTimeField(null=True)
    next_attempt = models.DateTimeField(null=True)
    is_estimated = models.BooleanField()
    promotion_refused = models.BooleanField()
    is_unsettled = models.BooleanField()
    is_alert = models.BooleanField()
    outcome = models.SmallIntegerField()
    month = models.IntegerField()
    changed_at = models.DateTimeField()
    first_seen = models.DateTimeField()
    last_seen = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["order_id", "customer"], name="index_one_row_per_order")
        ]
        indexes = [
            models.Index(fields=["customer", "month", "outcome"], name="index_orders_by_month"),
            models.Index(fields=["customer", "created_at"], name="index_orders_by_date"),
            models.Index(fields=["customer"], condition=models.Q(is_alert=True), name="index_alerts"),
            models.Index(fields=["customer"], condition=models.Q(is_unsettled=True), name="index_unsettled"),
        ]

    def __str__(self) -> str:
        return self.order_id


class IndexedReference(models.Model):
    """A value under which an order is found, other than its own ID. Of offers one row a customer is kept."""

    class Kind(models.IntegerChoices):
        REFERENCE = 1
        ORDER = 2  # an order that this one refers to
        SUBSCRIPTION = 3
        OFFER = 4

    pk = models.CompositePrimaryKey("value", "customer_key", "order_key", "kind")
    value = models.CharField(max_length=64)
    customer_key = models.BigIntegerField()
    order_key = models.BigIntegerField()  # 0: any of the customer's
    kind = models.SmallIntegerField(choices=Kind)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.value


class StatusChange(models.Model):
    """An order was seen in one state at `not_before`, in another at `seen_at`: it changed in between."""

    customer = models.ForeignKey(
        IndexedCustomer,
        models.DO_NOTHING,
        db_column="customer_key",
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    order_id = models.CharField(max_length=64)
    was = models.CharField(max_length=32)
    now = models.CharField(max_length=32)
    lines_were = models.CharField(max_length=200)
    lines_now = models.CharField(max_length=200)
    trouble_was = models.CharField(max_length=20)
    trouble_now = models.CharField(max_length=20)
    not_before = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "order_id", "seen_at"], name="index_one_change_at_a_time"
            )
        ]
        indexes = [models.Index(fields=["customer", "seen_at"], name="index_changes_by_customer")]

    def __str__(self) -> str:
        return f"{self.order_id}: {self.was} → {self.now}"


class PastedNumbers(models.Model):
    """The numbers of a list that somebody looked up, for a day, and for nobody else.

    `numbers` are [number, what it was called, the upstream named with it, how often it stood there].
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    numbers = models.JSONField()
    is_cut = models.BooleanField()
    created_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{len(self.numbers)} numbers"


class CustomerMonth(models.Model):
    """How many of a customer's orders of one month came to which end, counted when one of them changes."""

    pk = models.CompositePrimaryKey("customer_key", "month")
    customer_key = models.BigIntegerField()
    month = models.IntegerField()  # as in `IndexedOrder`
    completed = models.IntegerField()
    open = models.IntegerField()
    failed = models.IntegerField()
    other = models.IntegerField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.customer_key}, month {self.month}"
