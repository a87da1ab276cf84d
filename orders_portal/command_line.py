"""Django's command line for the Orders Portal: `manage.py` in a checkout, `orders-portal` where installed."""

import os
import platform
import secrets
import sys

import django

from orders_portal import __version__

# These serve invented orders on this machine alone, so that a key made up on the spot is good enough.
WITHOUT_SETTINGS = {"rundemo", "runsandbox"}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "orders_portal.settings")
    if sys.argv[1:] == ["--version"]:
        print(version())  # noqa: T201  (a command's answer)
        return
    if len(sys.argv) > 1 and sys.argv[1] in WITHOUT_SETTINGS:
        # The ledger outlives one demo, and has to verify in the next.
        for name, value in (("SECRET_KEY", secrets.token_urlsafe(50)), ("LEDGER_KEY", "only-for-the-demo")):
            os.environ[name] = os.environ.get(name) or value
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


def version() -> str:
    """What a report of a problem should name."""
    return f"orders-portal {__version__} (Django {django.__version__}, Python {platform.python_version()})"
