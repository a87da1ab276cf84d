"""Files of accounts that were checked and wait for their owner's decision, for an hour."""

import hashlib
from datetime import timedelta

from django.contrib.auth.models import User
from django.utils import timezone

from orders.people.account_import.decoding import Decoded
from orders.people.models import AccountImport

WAITS = timedelta(hours=1)


def keep(*, owner: User, name: str, decoded: Decoded) -> AccountImport:
    """The file, in place of any that its owner had waiting."""
    forget(owner)
    return AccountImport.objects.create(
        owner=owner,
        name=name[:200],
        sha256=hashlib.sha256(decoded.text.encode()).hexdigest(),
        text=decoded.text,
        code_page=decoded.code_page,
    )


def waiting(*, owner: User, pk: int) -> AccountImport:
    """`AccountImport.DoesNotExist` for one that is another's, or that has waited too long."""
    return AccountImport.objects.get(pk=pk, owner=owner, made_at__gte=timezone.now() - WAITS)


def forget(owner: User) -> None:
    """The person's earlier files, and everybody's that nobody came back for."""
    AccountImport.objects.filter(owner=owner).delete()
    AccountImport.objects.filter(made_at__lt=timezone.now() - WAITS).delete()
