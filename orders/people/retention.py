"""What is kept of people, for how long, and its end: see the table in docs/people-and-ledger.md.

The ledger is no part of it: `prune_ledger` takes its oldest part away when somebody decides so.
"""

from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.db.models import Q
from django.utils import timezone

from orders.people import limits, saved_views
from orders.people.api_tokens import longest_life
from orders.people.limit_models import LimitWish
from orders.people.models import AccountImport, ApiToken, SecurityNotice
from orders.people.notices import forget_old

WAITING_IMPORTS = timedelta(hours=1)


def clean() -> dict[str, int]:
    """Delete what has been kept for long enough; says how many of each."""
    now = timezone.now()
    ended = now - timedelta(days=settings.TOKEN_ROW_DAYS)
    # None lives longer than the longest life, whatever was written down for it.
    outlived = Q(made_at__lt=ended - longest_life())
    over = Q(revoked_at__lt=ended) | Q(expires_at__lt=ended) | outlived
    sessions, _ = Session.objects.filter(expire_date__lt=now).delete()
    living = Session.objects.values("session_key")
    UserSession.objects.exclude(session_key__in=living).delete()
    told = now - timedelta(days=settings.NOTICE_DAYS)
    notices = SecurityNotice.objects.filter(at__lt=told)
    return {
        "actions": LogEntry.objects.filter(action_time__lt=told).delete()[0],
        "sessions": sessions,
        "notices": notices.delete()[0] + forget_old(),
        "tokens": ApiToken.objects.filter(over).delete()[0],
        "uses": limits.forget_old(),
        "views": saved_views.forget_deleted(now),
        "wishes": LimitWish.objects.filter(asked_at__lt=told).delete()[0],
        "imports": AccountImport.objects.filter(made_at__lt=now - WAITING_IMPORTS).delete()[0],
    }
