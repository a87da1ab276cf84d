"""Who a customer is and what they own: asked through the one door, masked, written down, failing alone."""

from datetime import UTC, datetime, timedelta

import pytest

from orders import services
from orders.domain.errors import ForeignAnswer, NotFound, NotYours, Unavailable
from orders.domain.freshness import Takes
from orders.domain.queries import PageRequest
from orders.domain.term_dates import Doubt
from orders.index import write_now
from orders.ledger.models import LedgerEntry
from orders.sandbox import customers
from orders.upstreams import registry
from orders.upstreams.adobe_vip_marketplace.request_parameters import AdobeOrderQuery
from tests.personas import person

pytestmark = pytest.mark.django_db

TODAY = datetime.now(UTC).date


@pytest.fixture
def thea(upstreams):
    return person("thea", "supervisor")


@pytest.fixture
def customer(thea):
    def ask(customer_id, **more):
        return services.get_customer(actor=thea, source="adobe", customer_id=customer_id, **more)

    return ask


@pytest.fixture
def owned(thea):
    def ask(customer_id, **more):
        return services.list_subscriptions(actor=thea, source="adobe", customer_id=customer_id, **more)

    return ask


def looks():
    return list(LedgerEntry.objects.order_by("pk").values_list("action", "outcome", "row_count"))


def doubts(details):
    return [each.name for each in details.term.doubts]


def test_a_customer_is_told_with_people_hidden_and_the_look_written_down(upstreams, customer):
    before = len(looks())

    details = customer(customers.ADOBE_ORDINARY)

    shown = details.customer
    assert (shown.customer_id, shown.status.word, shown.segment.word) == (
        "1000002001",
        "Active",
        "Commercial",
    )
    assert [(each.offer_type, each.level.word) for each in shown.discounts] == [
        ("LICENSE", "10 to 49 licences"),
        ("CONSUMABLES", "1 to 999 a year"),
    ]
    [admin] = shown.admins
    assert (admin.first_name[1:], admin.last_name[1:], admin.phone) == ("••", "•••", "•••0123")
    assert admin.email.endswith("•••@studio.example")
    assert (shown.address.street, shown.address.postal_code, shown.address.city) == (("•••",), "•••", "Bend")
    assert details.term.renews_on == TODAY() + timedelta(days=152)
    assert looks()[before:] == [("view-customer", "ok", 1), ("view-subscriptions", "ok", 3)]
    asked = [each.path for each in upstreams.requests]
    assert asked == ["/v3/customers/1000002001", "/v3/customers/1000002001/subscriptions"]


def test_a_reveal_shows_them_for_a_reason_that_is_written_down(thea):
    details = services.reveal_customer(
        actor=thea, source="adobe", customer_id=customers.ADOBE_ORDINARY, reason="T-1"
    )

    assert details.is_revealed
    assert "@studio.example" in details.customer.admins[0].email
    assert "•" not in details.customer.admins[0].email
    assert LedgerEntry.objects.get(action="reveal").reason == "T-1"


def test_company_names_can_be_kept_from_the_page(settings, customer):
    given = customer(customers.ADOBE_ORDINARY).customer.company_name
    settings.SHOW_COMPANY_NAMES = False

    assert len(given) > 5
    assert customer(customers.ADOBE_ORDINARY).customer.company_name == "•••"


@pytest.mark.parametrize(
    ("customer_id", "expected"),
    [
        (customers.ADOBE_ORDINARY, []),
        (customers.ADOBE_EARLY_RENEWAL, ["RENEWED_EARLY"]),
        (customers.ADOBE_EXTENDED_TERM, ["EXTENDED", "START_UNKNOWN"]),
        (customers.ADOBE_MIGRATED, ["BEFORE_ACCOUNT"]),
        (customers.ADOBE_LAPSED, ["ENDED"]),
        (customers.ADOBE_ONE_OFF_ITEMS, ["ENDED", "ONE_OFF_ITEMS"]),
        (customers.ADOBE_PENDING, ["NO_ORDER_YET"]),
    ],
)
def test_a_terms_doubts_are_told(customer, customer_id, expected):
    assert doubts(customer(customer_id)) == expected


def test_an_extended_term_begins_with_the_oldest_order_remembered(thea, customer):
    fetched = registry.connect("adobe").list_orders(
        customers.ADOBE_EXTENDED_TERM,
        AdobeOrderQuery(created_from="2000-01-01"),
        PageRequest(0, 100),
    )
    assert not services.was_known("adobe", customers.ADOBE_EXTENDED_TERM)
    write_now("adobe", customers.ADOBE_EXTENDED_TERM, fetched.page.orders)
    assert services.was_known("adobe", customers.ADOBE_EXTENDED_TERM)

    term = customer(customers.ADOBE_EXTENDED_TERM).term

    assert term.doubts == (Doubt.EXTENDED,)
    assert term.first_day == TODAY() - timedelta(days=273)


def test_without_subscriptions_the_account_alone_dates_the_term(upstreams, customer):
    upstreams.script("adobe", [500, 500, 500], path_contains="subscriptions")

    details = customer(customers.ADOBE_ORDINARY)

    assert doubts(details) == ["ACCOUNT_DATE_ALONE"]
    assert [outcome for _, outcome, _ in looks()][-2:] == ["ok", "upstream-unavailable"]


def test_subscriptions_stand_with_what_still_runs_first_and_say_no_stale_renewals(owned):
    rows = owned(customers.ADOBE_FOUR_ROWS).subscriptions
    lapsed = owned(customers.ADOBE_LAPSED).subscriptions

    words = [each.status.word for each in rows]
    assert words[-1] == "Expired"
    assert words.count("Scheduled") == 2
    assert [each.tells_renewal for each in rows if each.status.word == "Scheduled"].count(True) == 1
    assert not any(each.tells_renewal for each in lapsed)
    assert all(each.may_renew_late for each in lapsed)


@pytest.mark.parametrize("ask", ["customer", "owned"])
def test_a_customer_who_is_unknown_or_not_theirs_is_told_alike(upstreams, request, ask):
    with pytest.raises(NotFound) as unknown:
        request.getfixturevalue(ask)(customers.ADOBE_UNKNOWN)
    manager = person("mark", "account manager")
    function = services.get_customer if ask == "customer" else services.list_subscriptions
    with pytest.raises(NotYours) as foreign:
        function(actor=manager, source="adobe", customer_id=customers.ADOBE_ORDINARY)

    assert unknown.value.cause == foreign.value.cause == "not-found"
    assert looks()[-1][:2] == ("refused", "refused-scope")


def test_somebody_elses_customer_or_subscriptions_are_never_shown(upstreams, customer, owned):
    other = {"customerId": "999", "companyProfile": {"companyName": "Stranger"}}
    upstreams.script("adobe", [{"body": other}])
    with pytest.raises(ForeignAnswer):
        customer(customers.ADOBE_ORDINARY)

    link = {"self": {"uri": "/v3/customers/999/subscriptions", "method": "GET", "headers": []}}
    upstreams.script("adobe", [{"body": {"totalCount": 0, "items": [], "links": link}}])
    with pytest.raises(ForeignAnswer):
        owned(customers.ADOBE_ORDINARY)


def test_odd_values_cost_no_more_than_themselves(upstreams, customer, owned):
    odd = {
        "customerId": "1000002001",
        "cotermDate": "soon",
        "discounts": {},
        "companyProfile": {"companyName": 7, "address": "none", "contacts": [None]},
        "linkedMembership": {"id": "LM-1", "name": "Guild"},
    }
    upstreams.script("adobe", [{"body": odd}])
    details = customer(customers.ADOBE_ORDINARY)
    upstreams.script("adobe", [{"body": {"items": [{"offerId": "A", "currentQuantity": "x"}, 7]}}])
    listed = owned(customers.ADOBE_ORDINARY)

    assert details.customer.company_name == "7"
    assert [each.name for each in details.customer.memberships] == ["Guild"]
    assert "cotermDate" in details.customer.unreadable
    assert ([each.offer_id for each in listed.subscriptions], listed.lost) == (["A"], 1)


def test_what_was_told_a_moment_ago_is_told_again_and_a_failure_raises(upstreams, settings, owned):
    settings.CACHE_FRESH = 20
    first = owned(customers.ADOBE_ORDINARY, takes=Takes.SAVED)
    upstreams.script("adobe", [500, 500, 500])
    again = owned(customers.ADOBE_ORDINARY, takes=Takes.SAVED)
    with pytest.raises(Unavailable):
        owned(customers.ADOBE_ORDINARY)

    assert (first.freshness.state, again.freshness.state) == ("live", "saved")
    assert again.subscriptions == first.subscriptions
