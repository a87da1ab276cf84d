"""Second factors, and secrets of webhooks, sealed anew under the key of now: an earlier one can go."""

from typing import Any

import msgspec
from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken
from django.db import transaction

from orders.ledger import Action, record
from orders.people import webhooks
from orders.people.sign_in.adapters import SecondFactorAdapter

# The fields of an authenticator's data that django-allauth seals.
_SEALED = ("secret", "seed", "migrated_codes")


class Rotation(msgspec.Struct, frozen=True):
    """How many factors are sealed anew, and the names of those whose key is gone: they need a new factor."""

    resealed: int
    lost: tuple[str, ...]


def rotate() -> Rotation:
    """Seal every second factor under `SECRET_KEY`; what an earlier key sealed is read with the fallbacks."""
    resealed, lost = 0, []
    with transaction.atomic():
        for factor in Authenticator.objects.select_for_update().select_related("user").order_by("pk"):
            try:
                data = {
                    name: _reseal(value) if name in _SEALED else value for name, value in factor.data.items()
                }
            except InvalidToken:
                lost.append(factor.user.get_username())
                continue
            if data != factor.data:
                Authenticator.objects.filter(pk=factor.pk).update(data=data)
                resealed += 1
        webhooks_sealed, webhooks_lost = webhooks.reseal()
        record(
            Action.KEY_ROTATION,
            username="command line",
            details={
                "resealed": resealed,
                "lost": len(lost),
                "webhooks": webhooks_sealed,
                "webhooks lost": webhooks_lost,
            },
            outcome="partial" if lost or webhooks_lost else "ok",
        )
    return Rotation(resealed, tuple(dict.fromkeys(lost)))


def _reseal(value: Any) -> Any:
    if isinstance(value, list):
        return [_reseal(each) for each in value]
    return SecondFactorAdapter.box().rotate(value.encode()).decode()
