"""How somebody signs in was changed: written down, told to the person concerned, and to them by mail.

Nobody becomes somebody else unseen. The person learns of it at their next sign-in, and in no session that
began before: whoever sits in a stolen one neither sees the notice nor can take it away.
"""

import logging
from collections.abc import MutableMapping
from datetime import UTC
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone, translation
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext, pgettext

from orders.infrastructure import secret_files
from orders.ledger import Action, context, record
from orders.people.models import SecurityNotice
from orders.people.personal_settings import language_of

Change = SecurityNotice.Change
logger = logging.getLogger(__name__)

# In a session: the newest notice that there was when it began.
_UP_TO = "security-notices"


def note(
    person: User, change: Change, *, subject: str = "", reason: str = "", visitor: User | None = None
) -> None:
    """Write the change down and tell the person. `subject` says which token or factor; no value ever does.

    Whoever is signed in did it; in a request of nobody who is, `visitor`: whom they have just shown to be.
    """
    actor = context.current_person() or (visitor if context.request_id() else None)
    by = actor.get_username() if actor is not None else "" if context.request_id() else "command line"
    details = {"person": person.get_username(), "change": str(change)}
    record(
        Action.ACCESS_CHANGE,
        actor=actor,
        username=by,
        details=details | ({"subject": subject} if subject else {}),
        reason=reason,
    )
    tell(person, change, subject=subject, by=by)


def tell(person: User, change: Change, *, subject: str, by: str) -> None:
    """Tell somebody at their next sign-in, and by mail where mail is set up."""
    notice = SecurityNotice.objects.create(person=person, change=change, subject=subject[:400], by=by)
    if person.email and settings.EMAIL_HOST:
        transaction.on_commit(lambda: _send(notice, person.email))


def begin_session(session: MutableMapping[str, Any], person: User) -> None:
    """Let a session that begins show what the person has not seen yet."""
    newest = _unseen(person).values_list("pk", flat=True).first()
    if newest is not None:
        session[_UP_TO] = newest


def notices_in(session: MutableMapping[str, Any], person: User) -> list[SecurityNotice]:
    """What this session is to show; asks the database only where there is something, so nearly never."""
    up_to = session.get(_UP_TO)
    return [] if up_to is None else list(_unseen(person).filter(pk__lte=up_to)[:20])


def listed(session: MutableMapping[str, Any], person: User) -> QuerySet[SecurityNotice]:
    """What they have seen, and what this session may show; the newest first."""
    may_be_shown = Q(seen_at__isnull=False) | Q(pk__lte=session.get(_UP_TO, 0))
    return SecurityNotice.objects.filter(may_be_shown, person=person).order_by("-at", "-pk")


def mark_as_seen(session: MutableMapping[str, Any], person: User) -> None:
    up_to = session.pop(_UP_TO, None)
    if up_to is not None:
        _unseen(person).filter(pk__lte=up_to).update(seen_at=timezone.now())


def know_already(person: User) -> None:
    """The person was told in another way, as by the terminal of `make run`."""
    _unseen(person).update(seen_at=timezone.now())


def _unseen(person: User) -> QuerySet[SecurityNotice]:
    return SecurityNotice.objects.filter(person=person, seen_at=None)


def in_words(notice: SecurityNotice) -> str:
    """`A token for scripts was made (nightly, opt_AbC123…), by root, on 27 November 2026 at 14:02 UTC.`"""
    change = notice.get_change_display()
    if notice.subject:
        values = {"change": change, "subject": notice.subject}
        change = gettext("%(change)s (%(subject)s)") % values
    said = {
        "change": change,
        "by": notice.by,
        "day": format_date(notice.at.astimezone(UTC), pgettext("date format", "j F Y")),
        "time": f"{notice.at.astimezone(UTC):%H:%M}",
    }
    if notice.by:
        return gettext("%(change)s, by %(by)s, on %(day)s at %(time)s UTC.") % said
    return gettext("%(change)s, on %(day)s at %(time)s UTC.") % said


def _send(notice: SecurityNotice, to: str) -> None:
    """A change that was made is not undone because a mail server is away."""
    with translation.override(language_of(notice.person)):
        mail = _mail(notice, to)
    secret_files.version()  # so that a new password of the mail server counts
    try:
        mail.send()
    except OSError as error:
        logger.error("a security notice could not be mailed: %s", type(error).__name__)


def _mail(notice: SecurityNotice, to: str) -> EmailMessage:
    text = gettext(
        "%(in_words)s\n\nIf that was you, or was agreed with you, there is nothing to do. If "
        "not, tell your administrator at once, and end your sessions in the portal.\n"
    ) % {"in_words": in_words(notice)}
    subject = gettext("Orders Portal: %(change)s") % {"change": notice.get_change_display()}
    return EmailMessage(subject, text, to=[to])
