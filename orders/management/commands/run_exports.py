"""`manage.py run_exports`: the former name of `run_worker`."""

from orders.management.commands.run_worker import Command

__all__ = ["Command"]
