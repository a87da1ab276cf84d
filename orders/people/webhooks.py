"""Webhooks as administrators set them up: https alone, to hosts that the house allows; the secret sealed."""

from urllib.parse import urlsplit

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.db import transaction

from orders.infrastructure.sealed_cache import box
from orders.people import security_notices
from orders.people.permissions import Person
from orders.people.security_notices import Change
from orders.people.webhook_models import Webhook

SHORTEST_SECRET = 32
_PURPOSE = "webhooks"


def is_allowed(address: str) -> bool:
    """Whether something may be sent there, as the settings are now."""
    try:
        parts = urlsplit(address)
        port = parts.port  # ValueError where it is none
    except ValueError:
        return False
    host = (parts.hostname or "").casefold()
    named = {host, f"{host}:{port}"} if port is not None else {host}
    return (
        parts.scheme == "https"
        and parts.username is None
        and not parts.fragment
        and address.isascii()
        and address.isprintable()
        and bool(named & {each.casefold() for each in settings.WEBHOOK_HOSTS})
    )


def webhook_of(person: Person) -> Webhook | None:
    """Theirs, if it is on."""
    return Webhook.objects.filter(person=person.pk, is_on=True).first()


def secret_of(webhook: Webhook) -> bytes | None:
    """None where no key of now opens it."""
    try:
        return box(_PURPOSE).decrypt(webhook.sealed_secret.encode())
    except InvalidToken:
        return None


def keep(webhook: Webhook, *, secret: str) -> None:
    """`secret` is empty where it stays as it is. Written down and told to the person first: the host, and
    neither the address nor the secret.
    """
    before = Webhook.objects.filter(pk=webhook.pk).first() if webhook.pk else None
    with transaction.atomic():
        if before is None:
            _note(webhook, Change.WEBHOOK_MADE)
        elif (before.address, before.is_on) != (webhook.address, webhook.is_on):
            _note(webhook, Change.WEBHOOK_CHANGED)
        if secret:
            webhook.sealed_secret = box(_PURPOSE).encrypt(secret.encode()).decode()
            if before is not None:
                _note(webhook, Change.WEBHOOK_KEY)
        webhook.save()


def forget(webhook: Webhook) -> None:
    with transaction.atomic():
        _note(webhook, Change.WEBHOOK_REMOVED)
        webhook.delete()


def reseal() -> tuple[int, int]:
    """Seal every secret under the key of now; how many, and how many no key opens any more."""
    resealed = lost = 0
    for webhook in Webhook.objects.select_for_update():
        try:
            sealed = box(_PURPOSE).rotate(webhook.sealed_secret.encode()).decode()
        except InvalidToken:
            lost += 1
            continue
        Webhook.objects.filter(pk=webhook.pk).update(sealed_secret=sealed)
        resealed += 1
    return resealed, lost


def _note(webhook: Webhook, change: Change) -> None:
    security_notices.note(webhook.person, change, subject=urlsplit(webhook.address).hostname or "")
