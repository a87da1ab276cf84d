"""The number of orders a page, chosen once."""

import pytest
from django.urls import reverse

from orders.sandbox import customers

pytestmark = pytest.mark.django_db

HISTORY = f"/adobe/customers/{customers.ADOBE_LARGE}/orders/"


def look_up(portal, text: str):
    return portal.post(reverse("lookup"), {"q": text}).url


def test_a_chosen_size_goes_into_the_links_that_the_portal_makes(portal):
    portal.get(f"{HISTORY}?limit=50")

    assert look_up(portal, customers.ADOBE_LARGE) == f"{HISTORY}?limit=50"
    assert f'href="{HISTORY}?limit=50"' in portal.get("/").content.decode()


def test_a_pasted_address_means_the_same_to_everybody(portal, upstreams):
    portal.get(f"{HISTORY}?limit=50")
    upstreams.clear_log()

    portal.get(HISTORY)

    assert dict(upstreams.requests[0].query)["limit"] == "25"
    assert (
        look_up(portal, f"/v3/customers/{customers.ADOBE_LARGE}/orders?status=1000")
        == f"{HISTORY}?status=1000"
    )


@pytest.mark.parametrize("limit", ["25", "37", "100000", "x"])
def test_the_default_and_odd_sizes_leave_links_as_they_are(portal, limit):
    portal.get(f"{HISTORY}?limit={limit}")

    assert look_up(portal, customers.ADOBE_LARGE) == HISTORY
