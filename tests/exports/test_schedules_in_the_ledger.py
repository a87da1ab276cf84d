"""A schedule looks by itself: its rows say so, and it may do no more than its owner's tokens."""

import json

import pytest
from allauth.mfa.totp.internal.auth import TOTP

from orders.exports.models import Export
from orders.ledger.models import LedgerEntry
from orders.ledger.recent_customers import recent_customers
from orders.services import attention
from tests.exports.results import order
from tests.exports.test_schedules import CUSTOMER, a_view, make, milo, outcomes, turn
from tests.personas import signed_in

pytestmark = pytest.mark.django_db

__all__ = ["milo", "turn"]

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
A_FILE = {
    "kind": "file",
    "source": "adobe",
    "rows": "orders",
    "format": "csv",
    "query": "start-date=2000-01-01",
}


def rows(*actions):
    """Of each entry of these kinds: what it is, and what its details say of who did it."""
    found = LedgerEntry.objects.filter(action__in=actions).order_by("id")
    return [
        (row.action, row.username, details.get("by"), details.get("schedule"))
        for row in found
        for details in [json.loads(row.details or "{}")]
    ]


def test_each_look_of_a_schedule_is_told_from_its_owners(milo, turn, upstreams):
    upstreams.add_adobe_orders(CUSTOMER, [order(1, customerId=CUSTOMER)])
    view, board, accounts = a_view(milo), make(milo, kind="attention"), make(milo, kind="portfolio")
    turn(0)
    assert recent_customers(milo) == []
    signed_in(milo).get(f"/adobe/customers/{CUSTOMER}/orders/")
    attention.board(actor=milo, wish=attention.Wish())

    assert [each.customer_id for each in recent_customers(milo)] == [CUSTOMER]
    assert rows("view-list", "view-attention", "view-portfolio") == [
        ("view-list", "milo", "schedule", view.pk),
        ("view-attention", "milo", "schedule", board.pk),
        ("view-portfolio", "milo", "schedule", accounts.pk),
        ("view-list", "milo", None, None),
        ("view-attention", "milo", None, None),
    ]
    assert {each[2:] for each in rows("schedule-run")} == {
        ("schedule", each.pk) for each in (view, board, accounts)
    }


def test_a_file_of_a_schedule_is_the_schedules_from_its_start_to_its_end(milo, turn, upstreams):
    upstreams.add_adobe_orders(CUSTOMER, [order(1, customerId=CUSTOMER)])
    schedule = make(milo, **A_FILE)
    turn(0)
    signed_in(milo).get(f"/exports/{Export.objects.get().pk}/file/").close()

    assert rows("export-start", "export-end", "export-download") == [
        ("export-start", "milo", "schedule", schedule.pk),
        ("export-end", "milo", "schedule", schedule.pk),
        ("export-download", "milo", None, None),
    ]


@pytest.mark.parametrize("kind", ["portfolio", "file"])
def test_without_the_second_factor_that_its_owner_needs_it_looks_at_nothing(
    kind, milo, turn, upstreams, settings
):
    settings.MFA_REQUIRED = True
    upstreams.add_adobe_orders(CUSTOMER, [order(1, customerId=CUSTOMER)])
    schedule = make(milo, **(A_FILE if kind == "file" else {"kind": kind}))

    (told,) = turn(0)
    assert outcomes(schedule) == [("failed", "factor")]
    assert "You may do this with a second factor only; set one up." in told.body
    assert rows("export-start", "view-portfolio") == []
    assert upstreams.requests == []

    TOTP.activate(milo, SECRET)
    turn(1)
    assert outcomes(schedule)[1:] == [("changed", "")]
