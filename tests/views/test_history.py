"""A customer's order history, through the sandbox."""

import pytest

from orders.sandbox import customers

pytestmark = pytest.mark.django_db

LARGE = f"/adobe/customers/{customers.ADOBE_LARGE}/orders/"


def test_one_page_view_is_one_upstream_get(portal, upstreams):
    response = portal.get(LARGE)

    assert response.status_code == 200
    assert [(entry.method, entry.path) for entry in upstreams.requests] == [
        ("GET", f"/v3/customers/{customers.ADOBE_LARGE}/orders")
    ]
