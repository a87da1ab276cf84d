"""`python -m tests.bench`: the options are those of `tests.bench.run`."""

import os
import sys

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django

django.setup()

from tests.bench.run import main  # noqa: E402  (it needs Django ready)

sys.exit(main(sys.argv[1:]))
