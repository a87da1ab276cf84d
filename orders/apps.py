"""The Django app."""

from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "orders"
    verbose_name = "Orders Portal"

    def ready(self) -> None:
        from orders import checks, log_lines  # noqa: F401  (checks register themselves)
        from orders.ledger import signals  # noqa: F401  (receivers connect themselves)
        from orders.sign_in import secrets, sessions  # noqa: F401  (its signals do)

        log_lines.configure()
        secrets.tell_redactor()
