"""A webhook signs in somebody's name: nobody sets one up, changes or sees one of who is above them."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from orders.ledger.models import LedgerEntry
from orders.people import webhooks
from orders.people.granting import may_change, people_within, powers_of
from orders.people.webhook_models import Webhook
from tests.people.test_granting import ABOVE, keys
from tests.personas import person, signed_in

pytestmark = pytest.mark.django_db

SECRET = "a-secret-that-nobody-else-knows-0123456789"
HOOK, ANOTHER = "https://scripts.example.org/hook", "https://scripts.example.org/thief"


@pytest.fixture
def keeper(settings: Any) -> Client:
    """Keeps webhooks and people, and may view the orders of assigned customers; nothing else."""
    settings.WEBHOOK_HOSTS = ["scripts.example.org"]
    rights = ("add_webhook", "change_webhook", "delete_webhook", "view_webhook", "change_user", "view_orders")
    Group.objects.create(name="keeper").permissions.set(keys(*rights))
    return signed_in(person("keeper", "keeper", is_staff=True))


def somebody(name: str, role: str = "", right: str = "", **more: Any) -> User:
    made: User = person(name, *filter(None, (role,)), **more)
    made.user_permissions.set(keys(right))
    return made


@pytest.mark.parametrize("above", ABOVE)
def test_the_webhook_of_who_is_above_is_neither_seen_nor_changed(above: str, keeper: Client) -> None:
    who = somebody("boss", **ABOVE[above])
    webhooks.keep(Webhook(person=who, address=HOOK), secret=SECRET)
    kept = Webhook.objects.values().get()
    entries = LedgerEntry.objects.count()

    for place in ("change", "delete", "history"):
        answer = keeper.get(f"/admin/orders/webhook/{kept['id']}/{place}/")
        assert (answer.status_code, HOOK in answer.content.decode()) in {(302, False), (403, False)}
    keeper.post(f"/admin/orders/webhook/{kept['id']}/change/", {"address": ANOTHER, "is_on": "on"})
    keeper.post(f"/admin/orders/webhook/{kept['id']}/delete/", {"post": "yes"})
    chosen = {"action": "delete_selected", "_selected_action": kept["id"], "post": "yes"}
    listed = (
        keeper.get("/admin/orders/webhook/").content.decode()
        + keeper.post("/admin/orders/webhook/", chosen).content.decode()
    )

    assert Webhook.objects.values().get() == kept
    assert HOOK not in listed
    assert LedgerEntry.objects.count() == entries


@pytest.mark.parametrize("above", ABOVE)
def test_who_is_above_gets_no_webhook(above: str, keeper: Client) -> None:
    who = somebody("boss", **ABOVE[above])
    fields = {"person": who.pk, "address": ANOTHER, "is_on": "on", "secret": SECRET}

    assert keeper.post("/admin/orders/webhook/add/", fields).status_code == 200
    assert not Webhook.objects.exists()


def test_a_webhook_stays_with_its_person(keeper: Client) -> None:
    pat, other = person("pat"), person("other")
    webhooks.keep(Webhook(person=pat, address=HOOK), secret=SECRET)
    place = f"/admin/orders/webhook/{Webhook.objects.get().pk}/change/"

    sent = keeper.post(place, {"person": other.pk, "address": ANOTHER, "is_on": "on"})

    assert sent.status_code == 302
    assert Webhook.objects.values_list("person", "address").get() == (pat.pk, ANOTHER)


def test_those_within_are_those_who_may_be_changed(keeper: Client) -> None:
    for number, given in enumerate(ABOVE.values()):
        somebody(f"above-{number}", **given)
    person("below")
    for name in ("keeper", "below", "above-2"):
        actor = User.objects.get(username=name)
        expected = {each.username for each in User.objects.all() if may_change(actor, each)}
        assert {each.username for each in people_within(powers_of(actor))} == expected
