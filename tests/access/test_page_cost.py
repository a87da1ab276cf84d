"""What rights and the ledger cost a page: a fixed number of questions to the database, and no more."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from orders import access
from orders.sandbox import SandboxServer, customers
from tests.people import assign, person

pytestmark = pytest.mark.django_db

HISTORY = f"/fabric/customers/{customers.FABRIC_CALM}/orders/"
# Session, person, permissions, scope of the roles; a savepoint, the ledger's head, its entry, the head
# again, the savepoint's end; files that have ended.
COMMON = 10
COLUMN_SETS = 2  # of whoever may export, and which are proposed
ASSIGNMENT = 1
FACTOR = 1


@pytest.mark.parametrize(
    ("role", "questions"),
    [
        ("customer-service agent", COMMON),
        ("account manager", COMMON + ASSIGNMENT + COLUMN_SETS + FACTOR),
        ("supervisor", COMMON + COLUMN_SETS + FACTOR),
        ("administrator", COMMON + COLUMN_SETS + FACTOR),
    ],
)
def test_questions_of_a_history_page(
    upstreams: SandboxServer, settings: Any, django_assert_num_queries: Any, role: str, questions: int
) -> None:
    settings.MFA_REQUIRED = True
    pat = person("pat", role)
    pat.authenticator_set.create(type="totp", data={"secret": "-"})
    assign(pat, "fabric", customers.FABRIC_CALM)
    client = Client()
    client.force_login(pat)
    client.get(HISTORY)

    with django_assert_num_queries(questions):
        assert client.get(HISTORY).status_code == 200


def test_what_was_looked_up_ahead_serves_one_question(django_assert_num_queries: Any) -> None:
    pat = person("pat", "supervisor")
    pat = get_user_model().objects.get(pk=pat.pk)
    assert access.look_ahead(pat).may_export
    pat.groups.clear()

    with django_assert_num_queries(0):
        assert access.rights_of(pat).may_export
    assert access.rights_of(pat) == access.known_rights(pat) == access.Rights()
