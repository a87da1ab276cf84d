"""A person's own settings: how pages look, in whose time and language; what a file is like at first."""

from django.conf import settings
from django.db import models


class PersonalSettings(models.Model):
    """What a person has chosen; an empty text, 0 or no row means what the portal does by itself."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", primary_key=True
    )
    time_zone = models.CharField(max_length=64, blank=True)
    language = models.CharField(max_length=16, blank=True)
    theme = models.CharField(max_length=16, blank=True)
    density = models.CharField(max_length=16, blank=True)
    page_size = models.PositiveSmallIntegerField(default=0)
    file_format = models.CharField(max_length=16, blank=True)
    dialect = models.CharField(max_length=32, blank=True)
    landing = models.CharField(max_length=64, blank=True)
    mail = models.CharField(max_length=16, blank=True)
    has_keys = models.BooleanField(default=True)
    list_columns = models.JSONField(default=dict, blank=True)  # by upstream, in their order on the page
    default_views = models.JSONField(default=dict, blank=True)  # by upstream, as the parameter `view` has it

    def __str__(self) -> str:
        return self.person.get_username()
