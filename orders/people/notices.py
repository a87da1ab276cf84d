"""What happened without a person, told to them: in one list, and by mail as they have chosen.

`tell` is the door, for whatever runs in the background. A mail says what happened and where to look, and
nothing of whom it is about. How somebody signs in is told by `orders.people.security_notices`, to those
sessions that may show it; the list has that as well.
"""

import logging
from collections.abc import Collection
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext

from orders.infrastructure import secret_files
from orders.people.notice_models import LONGEST_ADDRESS, Notice
from orders.people.personal_settings import language_of
from orders.people.settings_models import PersonalSettings
from orders.upstreams.http.shared_state import SharedState

What = Notice.What
logger = logging.getLogger(__name__)

# What a person may have chosen; nothing is the portal's own choice.
MAIL_ALL, MAIL_NONE = "all", "none"
# Of files the portal tells by itself on every page.
_MAILED = frozenset(What.values) - {What.FILE_READY, What.FILE_PARTIAL, What.FILE_FAILED}
_COUNT_KEPT = 60.0  # seconds, for a cache that another process can't reach
_counts = SharedState(cache, prefix="unread-notices:")


def tell(
    person: User, what: What, *, subject: str = "", address: str = "", has_own_mail: bool = False
) -> Notice:
    """Tell a person what happened, once the transaction around is over.

    `subject` is shown to them alone, in the portal; `address` is a path of ours without its prefix. Who says
    more by mail does so itself (`has_own_mail`), where the person wants any (`wants_mail`).
    """
    if len(address) > LONGEST_ADDRESS:  # a part of it would lead elsewhere
        address = ""
    notice = Notice.objects.create(person=person, what=what, subject=subject[:200], address=address)
    transaction.on_commit(lambda: _counts.delete(str(person.pk)))
    if not has_own_mail and wants_mail(person, what):
        transaction.on_commit(lambda: _send(notice, person.email))
    return notice


def notices_of(person: User) -> QuerySet[Notice]:
    """The newest first."""
    return Notice.objects.filter(person=person).order_by("-at", "-pk")


def unread_count(person: User) -> int:
    """For every page: counted once a minute, and when it changed."""
    kept: int | None = _counts.get(str(person.pk))
    if kept is None:
        kept = Notice.objects.filter(person=person, read_at=None).count()
        _counts.set(str(person.pk), kept, _COUNT_KEPT)
    return kept


def mark_read(person: User, *, until: datetime | None = None, pk: int | None = None) -> None:
    """One notice of theirs, or all up to an instant: what came since has not been seen."""
    unread = Notice.objects.filter(person=person, read_at=None)
    if pk is not None:
        unread = unread.filter(pk=pk)
    if until is not None:
        unread = unread.filter(at__lte=until)
    _read(person, unread)


def mark_seen_at(person: User, addresses: Collection[str]) -> None:
    """They have been where these notices lead."""
    _read(person, Notice.objects.filter(person=person, read_at=None, address__in=addresses))


def wants_mail(person: User, what: What) -> bool:
    """By what they have chosen at `/settings/`; nobody does without an address, or once switched off."""
    if not (person.is_active and person.email and settings.EMAIL_HOST):
        return False
    rows = PersonalSettings.objects.filter(person=person)
    chosen = rows.values_list("mail", flat=True).first() or ""
    return chosen == MAIL_ALL or (chosen != MAIL_NONE and what in _MAILED)


def forget_old() -> int:
    before = timezone.now() - timedelta(days=settings.NOTICE_DAYS)
    return Notice.objects.filter(at__lt=before).delete()[0]


def _read(person: User, unread: QuerySet[Notice]) -> None:
    if unread.update(read_at=timezone.now()):
        _counts.delete(str(person.pk))


def _send(notice: Notice, to: str) -> None:
    """What happened is not undone because a mail server is away; it stands in the list all the same."""
    with translation.override(language_of(notice.person)):
        mail = _mail(notice, to)
    secret_files.version()  # so that a new password of the mail server counts
    try:
        mail.send()
    except OSError as error:
        logger.error("a notice could not be mailed: %s", type(error).__name__)


def _mail(notice: Notice, to: str) -> EmailMessage:
    if settings.PORTAL_URL:
        where = gettext("See %(address)s") % {"address": f"{settings.PORTAL_URL}/notices/"}
    else:
        where = gettext("See “Notices” in the portal.")
    words = notice.get_what_display()
    subject = gettext("Orders Portal: %(what)s") % {"what": words}
    return EmailMessage(subject, f"{words}.\n\n{where}\n", to=[to])
