"""What can't be written down is not done: no table has changed when the ledger could not be written."""

from collections.abc import Callable
from datetime import time
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.db import DatabaseError

from orders import exports
from orders.exports.schedules import keeping
from orders.exports.schedules.models import Schedule
from orders.exports.specification import ExportSpec
from orders.ledger import LedgerUnavailable
from orders.people import api_tokens, limit_wishes, webhooks
from orders.people.limit_models import LimitUse
from orders.people.models import ApiToken
from orders.people.webhook_models import Webhook
from orders.sandbox.adobe import price_list
from orders.services import products, watching
from tests.personas import person

pytestmark = pytest.mark.django_db

ORDER = ("adobe", "1000000137", "5100000077")
SECRET = "a-secret-that-nobody-else-knows-0123456789"
DAILY: dict[str, Any] = {"name": "x", "kind": "attention", "every": "day", "at": time(7)}

Do = Callable[[User], Any]


def schedule(who: User) -> Schedule:
    return Schedule.objects.get(owner=who)


def webhook(who: User) -> Webhook:
    return Webhook(person=who, address="https://scripts.example.org/hook")


def nothing(who: User) -> None:
    """All is as it was."""


def paused(who: User) -> None:
    keeping.pause(keeping.make(who, **DAILY))


ASKED: dict[str, Any] = {"source": "adobe", "customer_id": ORDER[1], "rows": "orders", "format": "csv"}
# What there is before, and what is tried.
TRIED: dict[str, tuple[Do, Do]] = {
    "a watch begins": (nothing, lambda who: watching.start(who, *ORDER)),
    "a watch begins anew": (
        lambda who: (watching.start(who, *ORDER), watching.stop(who, *ORDER)),
        lambda who: watching.start(who, *ORDER),
    ),
    "a watch is stopped": (lambda who: watching.start(who, *ORDER), lambda who: watching.stop(who, *ORDER)),
    "a schedule is made": (nothing, lambda who: keeping.make(who, **DAILY)),
    "a schedule is paused": (
        lambda who: keeping.make(who, **DAILY), lambda who: keeping.pause(schedule(who)),
    ),
    "a schedule goes on": (paused, lambda who: keeping.resume(schedule(who))),
    "a schedule is deleted": (
        lambda who: keeping.make(who, **DAILY), lambda who: keeping.delete(schedule(who)),
    ),
    "a webhook is set up": (nothing, lambda who: webhooks.keep(webhook(who), secret=SECRET)),
    "a webhook is removed": (
        lambda who: webhooks.keep(webhook(who), secret=SECRET),
        lambda who: webhooks.forget(Webhook.objects.get(person=who)),
    ),
    "a price list": (
        nothing, lambda who: products.import_price_list(price_list.as_file().encode(), actor=who),
    ),
    "a token is made": (nothing, lambda who: api_tokens.make_token(owner=who, name="nightly")),
    "a token is revoked": (
        lambda who: api_tokens.make_token(owner=who, name="nightly"),
        lambda who: api_tokens.revoke_token(owner=who, pk=ApiToken.objects.get().pk),
    ),
    "more than a limit is asked for": (
        nothing, lambda who: limit_wishes.ask("reveals", who, "T-1"),
    ),
    "a file is asked for": (
        nothing, lambda who: exports.request_export(ExportSpec.checked(**ASKED, query=""), owner=who),
    ),
}  # fmt: skip


def everything() -> dict[str, list[Any]]:
    """All tables of ours, but for what a refused attempt may count."""
    models = [each for each in apps.get_app_config("orders").get_models() if each is not LimitUse]
    return {each.__name__: list(each._default_manager.order_by("pk").values()) for each in models}


@pytest.mark.parametrize("tried", TRIED)
def test_what_is_not_written_down_is_not_done(tried: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before, do = TRIED[tried]
    who = person("thea", "supervisor")
    before(who)
    was = everything()

    def fail(*args: Any) -> None:
        raise DatabaseError("gone")

    monkeypatch.setattr("orders.ledger.appending.lock_head", fail)
    with pytest.raises(LedgerUnavailable):
        do(who)

    assert everything() == was
