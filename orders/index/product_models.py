"""What offers are called: products by the first eight characters of offer IDs. No price is kept."""

from django.db import models

from orders.domain.offers import LENGTH, PREFIX


class Product(models.Model):
    """Kept for good: a product that is no longer sold is still in old orders. Months are `202611`."""

    prefix = models.CharField(max_length=PREFIX, primary_key=True)
    name = models.CharField(max_length=200)
    segment = models.CharField(max_length=3, blank=True)
    first_month = models.IntegerField()
    last_month = models.IntegerField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.name


class ProductOffer(models.Model):
    """A full offer ID that a price list had; those met in orders are in `IndexedReference`."""

    offer_id = models.CharField(max_length=LENGTH, primary_key=True)
    product = models.ForeignKey(Product, models.CASCADE, related_name="offers")

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.offer_id
