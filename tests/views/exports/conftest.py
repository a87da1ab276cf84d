"""What tests of exports' pages have: a directory of their own, exports in it, an agent and a script."""

from typing import Any

import pytest
from django.test import Client

from orders.people.api_tokens import make_token
from tests.exports.fixtures import agent, export_dir
from tests.views.exports.exports_made import make

__all__ = ["agent", "export_dir", "make", "script"]


@pytest.fixture
def script(agent: Any, upstreams: Any) -> Client:
    """A script with a token of the agent's, held to the CSRF check."""
    _, text = make_token(owner=agent, name="nightly")
    return Client(enforce_csrf_checks=True, headers={"Authorization": f"Bearer {text}"})
