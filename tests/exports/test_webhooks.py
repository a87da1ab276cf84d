"""A script's receiver is told that a file is ready: signed, over TLS, to hosts that the house allows."""

import hashlib
import hmac
import json
from datetime import datetime, time, timedelta

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.db import DatabaseError
from django.utils import timezone

from orders import exports
from orders.exports.models import Export
from orders.exports.schedules import keeping, running
from orders.exports.webhooks import sending
from orders.exports.webhooks.models import WebhookDelivery
from orders.ledger import LedgerUnavailable
from orders.ledger.context import on_behalf_of
from orders.ledger.models import LedgerEntry
from orders.people import webhooks
from orders.people.webhook_models import Webhook
from tests.exports.results import CUSTOMER, give, request_export, work
from tests.faultserver import Certificate, FaultServer, answer
from tests.pages import Page
from tests.personas import person, signed_in

pytestmark = pytest.mark.django_db

SECRET = "a-secret-that-nobody-else-knows-0123456789"


@pytest.fixture
def receiver(tmp_path, settings):
    certificate = Certificate(tmp_path)
    with FaultServer(certificate=certificate) as server:
        server.default = answer(204)
        settings.UPSTREAM_CA_FILE = str(certificate.path)
        settings.WEBHOOK_HOSTS, settings.PORTAL_URL = ["127.0.0.1"], "https://portal.example"
        yield server


@pytest.fixture
def dana(agent, receiver, upstreams):
    give(upstreams, 3)
    person("root", is_superuser=True, is_staff=True)
    webhooks.keep(Webhook(person=agent, address=f"{receiver.url}/hook?x=1"), secret=SECRET)
    return agent


def by_script(owner):
    with on_behalf_of("opt_AbC123"):
        return request_export(owner)


def states():
    return list(WebhookDelivery.objects.values_list("state", "attempts"))


def test_what_is_sent_is_signed_and_names_no_customer(dana, receiver):
    export = by_script(dana)
    work()

    (request,) = receiver.requests
    said = json.loads(request.body)
    assert (request.method, request.target) == ("POST", "/hook?x=1")
    assert said["event"] == "file ready"
    assert said["file"] == f"https://portal.example/api/v1/exports/{export.pk}/file"
    assert said["fileSha256"] == Export.objects.get().file_sha256
    assert CUSTOMER not in request.body.decode()
    moment, _, digest = request.headers["x-portal-signature"].partition(",v1=")
    moment = moment.removeprefix("t=")
    signed = hmac.new(SECRET.encode(), moment.encode() + b"." + request.body, hashlib.sha256).hexdigest()
    assert digest == signed
    assert abs(int(moment) - timezone.now().timestamp()) < 60
    assert states() == [("sent", 1)]
    told = LedgerEntry.objects.get(action="webhook")
    assert (told.outcome, json.loads(told.details)["token"]) == ("ok", "opt_AbC123")


def test_of_a_person_s_own_file_no_script_is_told_but_of_a_schedule_s(dana, receiver):
    request_export(dana)
    work()
    assert receiver.requests == []
    schedule = keeping.make(
        dana, name="x", kind="file", source="adobe", rows="orders", format="csv", every="day", at=time(7)
    )
    from tests.personas import assign

    assign(dana, "adobe", CUSTOMER)
    keeping.run_now(schedule)
    work()
    running.settle_files()
    work()
    assert len(receiver.requests) == 1


def test_it_is_sent_again_until_it_is_taken_and_given_up_in_the_end(dana, receiver):
    receiver.default = answer(500)
    by_script(dana)
    work()
    assert (states(), len(receiver.requests)) == ([("waiting", 1)], 1)
    due = WebhookDelivery.objects.get().due_at
    assert timedelta(seconds=50) < due - timezone.now() <= timedelta(seconds=60)
    for _ in range(10):
        WebhookDelivery.objects.update(due_at=timezone.now())
        sending.find_due()
        work()

    assert states() == [("failed", len(sending.PAUSES) + 1)]
    assert LedgerEntry.objects.get(action="webhook").outcome == "500"


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/hook",
        "https://elsewhere.example/hook",
        "https://127.0.0.1@elsewhere.example/",
        "https://user@127.0.0.1/",
        "https://127.0.0.1.elsewhere.example/",
        "ftp://127.0.0.1/",
        "https://127.0.0.1:x/",
        "//127.0.0.1/",
    ],
)
def test_nothing_is_sent_to_where_nothing_may_be(dana, receiver, address):
    assert not webhooks.is_allowed(address)
    Webhook.objects.update(address=address)
    by_script(dana)
    work()

    assert (receiver.requests, states()) == ([], [("failed", 1)])


@pytest.mark.parametrize("lost", ["the right", "the factor"])
def test_who_may_not_fetch_the_file_now_is_told_of_none(dana, receiver, lost, settings):
    by_script(dana)
    if lost == "the right":
        dana.groups.clear()
        dana.user_permissions.set(Permission.objects.filter(codename="view_orders"))
    else:
        settings.MFA_REQUIRED = True
    exports.exports_of(dana).update(state="complete")
    sending.find_due()
    work()

    assert (receiver.requests, states()) == ([], [("failed", 1)])
    assert LedgerEntry.objects.get(action="webhook").outcome == "not-allowed"


def test_a_redirect_is_not_followed(dana, receiver):
    receiver.default = answer(302, headers={"Location": f"{receiver.url}/other"})
    by_script(dana)
    work()

    assert [request.target for request in receiver.requests] == ["/hook?x=1"]


def test_an_administrator_sets_it_up_and_the_secret_is_seen_by_nobody(dana, settings):
    webhook = Webhook.objects.get()
    client = signed_in(type(dana).objects.get(username="root"))
    address = f"/admin/orders/webhook/{webhook.pk}/change/"
    usual = {"person": dana.pk, "address": webhook.address, "is_on": "on"}

    shown = client.get(address)
    assert (shown.status_code, SECRET in shown.content.decode()) == (200, False)
    assert SECRET not in webhook.sealed_secret
    for wrong in ({"address": "https://elsewhere.example/"}, {"secret": "short"}):
        response = client.post(address, {**usual, **wrong})
        assert response.status_code == 200
        assert Page(response).root.all(class_="errorlist")
    assert client.post(address, {**usual, "secret": ""}).status_code == 302
    assert webhooks.secret_of(Webhook.objects.get()) == SECRET.encode()
    changes = LedgerEntry.objects.filter(action="access-change", details__contains="webhook")
    assert changes.count() == 1
    assert not any(SECRET in entry.details or "/hook" in entry.details for entry in changes)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another-" * 8
    call_command("rotate_keys")
    settings.SECRET_KEY_FALLBACKS = []
    assert webhooks.secret_of(Webhook.objects.get()) == SECRET.encode()


def test_what_was_told_and_could_not_be_written_down_is_told_again(dana, receiver, monkeypatch):
    by_script(dana)
    Export.objects.update(state="failed")
    delivery = WebhookDelivery.objects.get()

    def fail(*_):
        raise DatabaseError("gone")

    with monkeypatch.context() as broken:
        broken.setattr("orders.ledger.appending.lock_head", fail)
        with pytest.raises(LedgerUnavailable):
            sending.send.call(delivery.pk)
    assert states() == [("waiting", 1)]

    sending.send.call(delivery.pk)
    assert (states(), len(receiver.requests)) == ([("sent", 2)], 2)
    assert LedgerEntry.objects.get(action="webhook").outcome == "ok"


def test_two_workers_make_one_attempt(dana, receiver):
    by_script(dana)
    work()
    delivery = WebhookDelivery.objects.get()
    WebhookDelivery.objects.update(state="waiting", attempts=0)
    with time_machine.travel(datetime.now(), tick=False):
        sending.send.call(delivery.pk)
        sending.send.call(delivery.pk)

    assert len(receiver.requests) == 2
    assert exports.exports_of(dana).count() == 1
