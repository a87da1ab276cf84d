"""Signed and sent, at least once, until it is taken or was tried often enough. It names no customer.

`X-Portal-Signature: t=<unix>,v1=<hex>`: HMAC-SHA256 over `<unix>.<body>` with the secret that the
administrator and the receiver share. A receiver refuses what is older than it wants to know of.
"""

import hashlib
import hmac
import logging
import time
from datetime import timedelta

import msgspec
from django.contrib.auth.models import User
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from orders.exports.jobs.job import as_asked_for
from orders.exports.models import Export
from orders.exports.webhooks.models import WebhookDelivery
from orders.infrastructure import jobs
from orders.infrastructure.own_address import own_address
from orders.ledger import Action, record
from orders.people.permissions import rights_of
from orders.people.sign_in import second_factor
from orders.people.webhooks import is_allowed, secret_of, webhook_of
from orders.services import outgoing

logger = logging.getLogger(__name__)

SIGNATURE = "X-Portal-Signature"
# Between one attempt and the next; after the last one it is given up.
PAUSES = (60, 300, 1800, 7200, 21600)

State = WebhookDelivery.State


def owe(export: Export, owner: User) -> None:
    """Tell its end, if an administrator has said where. Within the transaction that asks for the file."""
    if webhook_of(owner) is not None:
        WebhookDelivery.objects.get_or_create(export=export, defaults={"due_at": timezone.now()})


@jobs.sweep
def find_due() -> None:
    """A mere look where nothing is due."""
    due = WebhookDelivery.objects.filter(state=State.WAITING, due_at__lte=timezone.now())
    ended = due.exclude(export__state__in=(Export.State.WAITING, Export.State.RUNNING))
    for pk in ended.values_list("pk", flat=True)[:50]:
        jobs.enqueue_once(send, pk)


@jobs.task(queue_name=jobs.SCHEDULES)
def send(pk: int) -> None:
    """One attempt. Whoever moves its turn on makes it, so that two workers make one."""
    delivery = WebhookDelivery.objects.select_related("export").filter(pk=pk, state=State.WAITING).first()
    if delivery is None or delivery.export.is_under_way:
        return
    number = delivery.attempts
    is_last = number >= len(PAUSES)
    following = timezone.now() + timedelta(seconds=PAUSES[min(number, len(PAUSES) - 1)])
    mine = WebhookDelivery.objects.filter(pk=pk, state=State.WAITING, attempts=number)
    if not mine.update(attempts=number + 1, due_at=following):
        return
    owner = User.objects.get(pk=delivery.export.owner_id)
    outcome = _attempt(delivery.export, owner)
    if outcome == "ok":
        _end(delivery, owner, State.SENT, outcome)
    elif is_last or outcome == "not-allowed":
        _end(delivery, owner, State.FAILED, outcome)
    else:
        logger.warning("webhook of export %s: %s, attempt %s", delivery.export_id, outcome, number + 1)


def signature(secret: bytes, body: bytes, moment: int) -> str:
    digest = hmac.new(secret, f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={moment},v1={digest}"


def _attempt(export: Export, owner: User) -> str:
    webhook = webhook_of(owner)
    secret = None if webhook is None else secret_of(webhook)
    if webhook is None or secret is None or not is_allowed(webhook.address) or not _may_export(owner):
        return "not-allowed"
    body = msgspec.json.encode(_message(export))
    return outgoing.post(webhook.address, body, {SIGNATURE: signature(secret, body, int(time.time()))})


def _may_export(owner: User) -> bool:
    """Whether a script of theirs could fetch the file now, by right and second factor."""
    rights = rights_of(owner)
    return rights.may_export and not second_factor.is_missing_for_script(owner, rights)


def _message(export: Export) -> dict[str, object]:
    has_file = export.has_file
    return {
        "event": "file ready" if has_file else "file failed",
        "id": str(export.pk),
        "state": export.state,
        "source": export.source,
        "rows": export.rows,
        "format": export.format,
        "fileSize": export.file_size,
        "fileSha256": export.file_sha256 or None,
        "file": own_address(reverse("api-export-file", args=[export.pk])) if has_file else None,
        "cause": export.error_cause or None,
    }


def _end(delivery: WebhookDelivery, owner: User, state: str, outcome: str) -> None:
    """Once. Where it can't be written down it is still waiting, and the receiver is told again."""
    with as_asked_for(delivery.export), transaction.atomic():
        if WebhookDelivery.objects.filter(pk=delivery.pk, state=State.WAITING).update(state=state):
            details = {"export": str(delivery.export_id), "attempts": delivery.attempts + 1}
            source = delivery.export.source
            record(Action.WEBHOOK, actor=owner, source=source, outcome=outcome, details=details)
