"""People, and browsers to sign in with."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from tests.personas import PASSWORD

SignIn = Callable[..., Client]


@pytest.fixture
def sign_in() -> SignIn:
    """`sign_in("dana")` is a new browser in which Dana has signed in with her password."""

    def sign_in_(name: str, password: str = PASSWORD, **extra: Any) -> Client:
        client = Client(**extra)
        response = client.post("/accounts/login/", {"login": name, "password": password})
        assert response.status_code == 302, response.content.decode()[:2000]
        return client

    return sign_in_


@pytest.fixture
def exporter(agent: User) -> User:
    """Dana, who may export."""
    agent.user_permissions.add(Permission.objects.get(codename="export_orders"))
    return agent
