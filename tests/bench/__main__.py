"""`python -m tests.bench`: the options are those of `tests.bench.run`."""

import os
import sys

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
os.environ["DATABASE_URL"] = "sqlite://:memory:"  # pages drawn in this process look things up, too

import django

django.setup()

from django.core.management import call_command  # noqa: E402  (it needs Django ready)

from tests.bench.run import main  # noqa: E402  (Django comes first)

call_command("migrate", verbosity=0)
sys.exit(main(sys.argv[1:]))
