"""/notices/: what happened without a person, in one list, read and unread."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from heapq import merge
from itertools import islice

from django import forms
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import get_script_prefix, reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from orders.people import notices, security_notices
from orders.people.models import SecurityNotice
from orders.people.notice_models import Notice
from orders.presentation.dates import drawn_moment
from orders.views.shared.pager import Pager, offset_pager
from orders.views.shared.pages import render_page
from orders.views.shared.requests import PortalRequest

TEMPLATE = "orders/people/notices.html"
A_PAGE = 50
SECURITY = "security"


class PlaceForm(forms.Form):
    offset = forms.IntegerField(min_value=0, max_value=10**6, required=False)


@dataclass(frozen=True)
class NoticeRow:
    """`address` is empty where there is nothing to look at; `kind` is one of `Notice.What`, or `security`."""

    kind: str
    words: str
    subject: str
    at: SafeString
    is_read: bool
    address: str


@dataclass(frozen=True)
class NoticesPage:
    """`until` is when this was asked: what comes later is not read by reading this."""

    rows: Sequence[NoticeRow]
    pager: Pager | None
    unread: int
    until: str
    errors: Sequence[str] = ()


@require_safe
def show(request: PortalRequest) -> HttpResponse:
    form = PlaceForm(request.GET)
    until = timezone.now()
    if not form.is_valid():
        errors = [f"{name}: {said}" for name, all_said in form.errors.items() for said in all_said]
        return render_page(request, TEMPLATE, NoticesPage((), None, 0, "", errors), status=400)
    offset = form.cleaned_data["offset"] or 0
    own = notices.notices_of(request.user)
    security = security_notices.listed(request.session, request.user)
    most = offset + A_PAGE
    both = merge(
        ((each.at, _row(each)) for each in own[:most]),
        ((each.at, _security_row(each)) for each in security[:most]),
        key=lambda dated: dated[0],
        reverse=True,
    )
    rows = [row for _, row in islice(both, offset, most)]
    page = NoticesPage(
        rows=rows,
        pager=offset_pager(
            request.GET, offset, A_PAGE, shown=len(rows), total=own.count() + security.count()
        ),
        unread=own.filter(read_at=None).count() + security.filter(seen_at=None).count(),
        until=until.isoformat(),
    )
    return render_page(request, TEMPLATE, page)


@require_safe
def follow(request: PortalRequest, pk: int) -> HttpResponse:
    """To what a notice of theirs is about, which they have read then."""
    notice = notices.notices_of(request.user).filter(pk=pk).first()
    if notice is None:
        raise Http404
    notices.mark_read(request.user, pk=pk)
    return HttpResponseRedirect(f"{get_script_prefix().rstrip('/')}{notice.address or '/notices/'}")


@require_POST
def read(request: PortalRequest) -> HttpResponse:
    """All that was shown has been read."""
    notices.mark_read(request.user, until=_moment(request.POST.get("until", "")) or timezone.now())
    security_notices.mark_as_seen(request.session, request.user)
    return redirect("notices")


def _row(notice: Notice) -> NoticeRow:
    return NoticeRow(
        kind=notice.what,
        words=notice.get_what_display(),
        subject=notice.subject,
        at=drawn_moment(notice.at),
        is_read=notice.read_at is not None,
        address=reverse("notice", args=[notice.pk]) if notice.address else "",
    )


def _security_row(notice: SecurityNotice) -> NoticeRow:
    parts: Iterator[str] = filter(
        None, (notice.subject, gettext("by %(name)s") % {"name": notice.by} if notice.by else "")
    )
    return NoticeRow(
        kind=SECURITY,
        words=notice.get_change_display(),
        subject=", ".join(parts),
        at=drawn_moment(notice.at),
        is_read=notice.seen_at is not None,
        address="",
    )


def _moment(text: str) -> datetime | None:
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None
