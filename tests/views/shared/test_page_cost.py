"""What rights and the ledger cost a page: a fixed number of questions to the database, and no more."""

from typing import Any

import pytest
from django.test import RequestFactory

from orders.people import permissions
from orders.people.models import SecurityNotice
from orders.sandbox import SandboxServer, customers
from tests.personas import assign, person, signed_in

pytestmark = pytest.mark.django_db

HISTORY = f"/fabric/customers/{customers.FABRIC_CALM}/orders/"
# Session, person, permissions, scope of the roles; a savepoint, the ledger's head, its entry, the head
# again, the savepoint's end; files that have ended; what the business calls the customer.
COMMON = 12
COLUMN_SETS = 2  # of whoever may export, and which are proposed
ASSIGNMENT = 2  # before the question, and before the name of the account is shown
SCOPE = 1  # whose customers: what is saved is shared by people with the same
FACTOR = 1
WISHES = 1  # for more than a limit allows, of others


@pytest.mark.parametrize(
    ("role", "questions"),
    [
        ("customer-service agent", COMMON),
        ("account manager", COMMON + ASSIGNMENT + SCOPE + COLUMN_SETS + FACTOR),
        ("supervisor", COMMON + COLUMN_SETS + FACTOR),
        ("administrator", COMMON + COLUMN_SETS + FACTOR + WISHES),
    ],
)
def test_questions_of_a_history_page(
    upstreams: SandboxServer, settings: Any, django_assert_num_queries: Any, role: str, questions: int
) -> None:
    settings.MFA_REQUIRED = True
    pat = person("pat", role)
    pat.authenticator_set.create(type="totp", data={"secret": "-"})
    SecurityNotice.objects.all().delete()  # as after it was seen
    assign(pat, "fabric", customers.FABRIC_CALM)
    client = signed_in(pat)
    client.get(HISTORY)

    with django_assert_num_queries(questions):
        assert client.get(HISTORY).status_code == 200


def test_a_request_asks_once_and_its_answer_serves_no_other(django_assert_num_queries: Any) -> None:
    pat = person("pat", "supervisor")
    first, second = RequestFactory().get("/"), RequestFactory().get("/")
    first.user = second.user = pat
    assert permissions.rights_in(first).may_export
    pat.groups.clear()

    with django_assert_num_queries(0):
        assert permissions.rights_in(first).may_export
    assert permissions.rights_in(second) == permissions.rights_of(pat) == permissions.Rights()
