"""Accounts that somebody looks at together, under a name of theirs."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower

from orders.people.models import Account


class AccountSet(models.Model):
    """Its owner's alone. Which of its accounts count is asked each time: those that are theirs by then."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    name = models.CharField(max_length=80)
    accounts = models.ManyToManyField(Account, related_name="+")

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint("owner", Lower("name"), name="one_account_set_per_name")]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
