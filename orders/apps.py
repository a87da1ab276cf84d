"""The Django app."""

from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "orders"
    verbose_name = "Orders Portal"

    def ready(self) -> None:
        from orders import checks  # noqa: F401  (registers itself)
