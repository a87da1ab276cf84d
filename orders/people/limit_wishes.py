"""Wishes for more than a limit allows: handed on to whoever may grant them, for a day.

Whoever manages people may, for nobody who can do more than they can, and never for themselves: a thief in an
administrator's session stays as slow as any other.
"""

from datetime import timedelta
from functools import partial

import msgspec
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext

from orders.infrastructure.prepared_queries import Prepared
from orders.ledger import Action, record
from orders.people import limit_reports, security_notices
from orders.people.directory import Above
from orders.people.granting import may_change
from orders.people.limit_models import LimitWish
from orders.people.limits import KINDS, limit_of, one_at_a_time, usual_limit
from orders.people.permissions import MANAGING, Person, rights_of
from orders.people.personal_settings import language_of
from orders.people.security_notices import Change

GRANTED_FOR = timedelta(days=1)
MOST = 100_000
State = LimitWish.State
_OTHERS_OPEN = Prepared(
    lambda person: (
        LimitWish.objects.filter(state=State.OPEN).exclude(person=person).order_by().values_list("pk")[:1]
    )
)


class Decided(Exception):
    """Somebody else has decided about the wish meanwhile."""


class Wish(msgspec.Struct, frozen=True):
    """A wish as those see it who may grant it; `proposed` is twice what holds now."""

    row: LimitWish
    words: str
    proposed: int
    may_decide: bool


def ask(kind: str, person: User, reason: str) -> bool:
    """Hand the wish on to those who read the ledger and those who may grant it: once in a window, because
    each is a mail to each of them. False where it was handed on already.
    """
    now, limited = timezone.now(), KINDS[kind]
    with transaction.atomic():
        one_at_a_time(person)
        asked = LimitWish.objects.filter(person=person.pk, kind=kind)
        if asked.filter(Q(asked_at__gt=now - limited.window) | Q(state=State.OPEN)).exists():
            return False
        limit = limit_of(person, kind)
        details = {"kind": kind, "limit": limit}
        entry = record(Action.LIMIT, actor=person, outcome="asked", details=details, reason=reason)
        # As the ledger has it: cut, and cleared of addresses.
        LimitWish.objects.create(person=person, kind=kind, limit=limit, reason=entry.reason, asked_at=now)
        told = {each.pk: each for each in [*limit_reports.readers(), *_granters(person)]}
        limit_reports.tell(list(told.values()), person, partial(_asks, limited.words, entry.reason))
    return True


def _asks(what: object, reason: str) -> str:
    return gettext("asks for more %(what)s: %(reason)s") % {"what": what, "reason": reason}


def latest(person: Person, kind: str) -> LimitWish | None:
    """The person's last wish of this kind while it matters: open, in force, or of this window."""
    since = timezone.now() - KINDS[kind].window
    wishes = LimitWish.objects.filter(person=person.pk, kind=kind).order_by("-asked_at", "-pk")
    return wishes.filter(Q(asked_at__gt=since) | Q(state=State.OPEN) | Q(until__gt=timezone.now())).first()


def are_there_for(granter: User) -> bool:
    """Whether somebody else's wish waits for a decision."""
    return _OTHERS_OPEN.exists(granter.pk)


def wishes_for(granter: User) -> list[Wish]:
    """What is undecided or in force, of everybody, the oldest first."""
    in_force = Q(state=State.GRANTED, until__gt=timezone.now())
    found = LimitWish.objects.filter(Q(state=State.OPEN) | in_force).select_related("person")
    return [
        Wish(
            row=wish,
            words=str(KINDS[wish.kind].words),
            proposed=min(2 * max(1, usual_limit(wish.person, wish.kind)), MOST),
            may_decide=_may_decide(granter, wish.person),
        )
        for wish in found
    ]


def grant(pk: int, limit: int, *, by: User, reason: str) -> LimitWish:
    """Let the person do as much for a day. Raises `Decided`, or `directory.Above`."""
    with transaction.atomic():
        wish = _decide(pk, State.OPEN, by)
        wish.state, wish.granted, wish.until = State.GRANTED, limit, timezone.now() + GRANTED_FOR
        _write(wish, by, reason, {"limit": limit, "until": f"{wish.until:%Y-%m-%dT%H:%MZ}"})
    return wish


def decline(pk: int, *, by: User, reason: str) -> LimitWish:
    """Decline it, or take back what was granted. Raises `Decided`, or `directory.Above`."""
    with transaction.atomic():
        wish = _decide(pk, None, by)
        was_open = wish.state == State.OPEN
        wish.state = State.DECLINED if was_open else State.TAKEN_BACK
        wish.until = None if was_open else timezone.now()
        _write(wish, by, reason, {})
    return wish


def _decide(pk: int, state: str | None, by: User) -> LimitWish:
    wish = LimitWish.objects.select_for_update(of=("self",)).select_related("person").filter(pk=pk).first()
    is_in_force = (
        wish is not None and wish.state == State.GRANTED and wish.until and wish.until > timezone.now()
    )
    if wish is None or not (wish.state == State.OPEN or (state is None and is_in_force)):
        raise Decided
    if not _may_decide(by, wish.person):
        raise Above
    return wish


def _may_decide(granter: User, person: User) -> bool:
    return granter.pk != person.pk and may_change(granter, person)


def _write(wish: LimitWish, by: User, reason: str, more: dict[str, object]) -> None:
    """A row in the ledger, the decision, and a notice to the person."""
    wish.decided_by, wish.decided_at = by.get_username(), timezone.now()
    details = {"person": wish.person.get_username(), "kind": wish.kind, **more}
    record(Action.LIMIT, actor=by, outcome=wish.state, details=details, reason=reason)
    wish.save()
    change = Change.LIMIT_RAISED if wish.state == State.GRANTED else Change.LIMIT_KEPT
    with translation.override(language_of(wish.person)):
        subject = _in_words(wish)
    security_notices.tell(wish.person, change, subject=subject, by=wish.decided_by)


def _in_words(wish: LimitWish) -> str:
    what = KINDS[wish.kind].words
    if wish.state != State.GRANTED:
        return str(what)
    given = {"granted": wish.granted, "what": what, "until": f"{wish.until:%Y-%m-%d %H:%M}"}
    return gettext("%(granted)s %(what)s, up to %(until)s UTC") % given


def _granters(person: User) -> list[User]:
    """Who may grant this person something."""
    may = Q(user_permissions__codename=MANAGING) | Q(groups__permissions__codename=MANAGING)
    found = User.objects.filter(Q(is_superuser=True) | may, is_active=True).distinct()
    return [each for each in found if rights_of(each).may_manage_people and _may_decide(each, person)]
