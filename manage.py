#!/usr/bin/env python
"""Django's command line for the Orders Portal."""

import os
import secrets
import sys

# These serve invented orders on this machine alone, so that a key made up on the spot is good enough.
WITHOUT_SETTINGS = {"rundemo", "runsandbox"}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "orders_portal.settings")
    if len(sys.argv) > 1 and sys.argv[1] in WITHOUT_SETTINGS:
        os.environ.setdefault("SECRET_KEY", secrets.token_urlsafe(50))
        # The ledger outlives one demo, and has to verify in the next.
        os.environ.setdefault("LEDGER_KEY", "only-for-the-demo")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
