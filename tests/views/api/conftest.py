"""Scripts with tokens, and answers that are read by the types from which their description is made."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from django.test import Client

from orders.infrastructure.problems import Problem
from orders.people.api_tokens import Scope, make_token
from orders.sandbox import SandboxServer
from tests.personas import person

Script = Callable[..., Client]


@pytest.fixture
def script_of(db: None, upstreams: SandboxServer) -> Script:
    """A script of somebody with these roles: `script_of("supervisor", scopes=[Scope.READ])`."""

    def make(*roles: str, scopes: Any = tuple(Scope), name: str = "sam") -> Client:
        _, text = make_token(owner=person(name, *roles), name="nightly", scopes=scopes)
        return Client(enforce_csrf_checks=True, headers={"Authorization": f"Bearer {text}"})

    return make


@pytest.fixture
def script(script_of: Script) -> Client:
    """A supervisor's: may see every customer, and prices."""
    return script_of("supervisor")


def problem(response: Any) -> Problem:
    """The answer, which has to be a problem with the status it says."""
    assert response.headers["Content-Type"] == "application/problem+json", response.content
    read = msgspec.json.decode(response.content, type=Problem)
    assert read.status == response.status_code
    assert read.instance == f"urn:uuid:{response.headers['X-Request-Id']}"
    return read


def told(read: Problem) -> dict[str, Any]:
    """What stands in it that is not the same in all of them."""
    kept = ("status", "cause", "source", "errors")
    return {name: getattr(read, name) for name in kept}
