"""The Django app."""

from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "orders"
    verbose_name = "Orders Portal"

    def ready(self) -> None:
        from orders.index import products
        from orders.infrastructure import deployment_checks, log_format  # noqa: F401  (checks register themselves)
        from orders.people import ledger_signals, personal_settings, security_signals, token_endings  # noqa: F401  (receivers connect themselves)
        from orders.people.sign_in import secrets, sessions  # noqa: F401  (its receivers do)
        from orders.presentation import product_names
        from orders.upstreams import checks  # noqa: F401  (checks register themselves)

        log_format.configure()
        secrets.tell_redactor()
        product_names.provide(products.names, products.offers_of)
