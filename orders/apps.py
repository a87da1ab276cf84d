"""The Django app."""

from django.apps import AppConfig
from django.conf import settings

from orders.domain.redaction import process_redactor

SECRET_SETTINGS = ("access_token", "api_key", "client_secret")


class OrdersConfig(AppConfig):
    name = "orders"
    verbose_name = "Orders Portal"

    def ready(self) -> None:
        from orders import checks  # noqa: F401  (registers itself)

        # Before the first request, so that not even a failure on the way to it can log a secret.
        for given in settings.UPSTREAMS.values():
            for name in SECRET_SETTINGS:
                if given.get(name):
                    process_redactor().add(given[name], lasting=True)
