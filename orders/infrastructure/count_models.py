"""Numbers that all processes count together, where they share no cache."""

from django.db import models


class SharedCount(models.Model):
    """One number, which counts for nothing after `until` (seconds since 1970)."""

    key = models.CharField(max_length=80, primary_key=True)
    count = models.IntegerField()
    until = models.FloatField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.key}: {self.count}"
