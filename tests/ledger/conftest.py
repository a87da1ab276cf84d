"""Databases to do harm to, of both kinds, and scenarios that do it."""

import json
import os
from collections.abc import Callable
from typing import Any

import pytest

from tests.processes import output_of

Play = Callable[[str], Any]


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str:
    """The address of an empty database of this test's own."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def play(database: str) -> Play:
    """Run a scenario in that database, in a process of its own, and give what it says."""
    environment = {**os.environ, "DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    start = (
        "import django, sys; django.setup(); from tests.ledger import scenarios; scenarios.main(sys.argv[1])"
    )
    return lambda scenario: json.loads(output_of("-c", start, scenario, environment=environment))
