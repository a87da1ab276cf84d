"""Where scripts of a person's are told that a file of theirs is ready."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Webhook(models.Model):
    """Set up by an administrator. The secret that signs what is sent is sealed, and shown to nobody."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("person")
    )
    address = models.CharField(_("address"), max_length=500)
    sealed_secret = models.TextField(editable=False)
    is_on = models.BooleanField(_("on"), default=True)

    class Meta:
        verbose_name = _("webhook “file ready”")
        verbose_name_plural = _("webhooks “file ready”")

    def __str__(self) -> str:
        return self.person.get_username()
