"""What customers' companies are called by their upstream: apart from all that is remembered of orders."""

from django.db import models


class CompanyName(models.Model):
    """Kept only where `SHOW_COMPANY_NAMES` is on, for search and headings. No person's name is."""

    source = models.CharField(max_length=32)
    customer_id = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    seen_at = models.DateTimeField(db_index=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["customer_id", "source"], name="one_company_name_per_customer")
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.customer_id}"
