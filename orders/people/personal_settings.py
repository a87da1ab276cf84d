"""What a person has chosen at /settings/: kept in the database, and beside it in the session.

Every page wants to know it, and the session is there already: nothing more is asked of the database.
"""

import zoneinfo
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from orders.infrastructure.languages import is_for_programs
from orders.people.settings_models import PersonalSettings

_KEY = "settings"  # in the session


@dataclass(frozen=True)
class Chosen:
    """As `PersonalSettings`, whose defaults mean that nothing was chosen."""

    time_zone: str = ""
    language: str = ""
    theme: str = ""
    density: str = ""
    page_size: int = 0
    file_format: str = ""
    dialect: str = ""
    landing: str = ""
    mail: str = ""
    has_keys: bool = True
    list_columns: Mapping[str, Sequence[str]] = field(default_factory=dict)
    default_views: Mapping[str, str] = field(default_factory=dict)


_NAMES = tuple(each.name for each in fields(Chosen))


def chosen_by(request: HttpRequest) -> Chosen:
    """What the person behind a request has chosen; the portal's own for a stranger or a script.

    A session that nobody has looked into yet stays closed: such a page is for everybody.
    """
    session = getattr(request, "session", None)
    kept = session.get(_KEY) if session is not None and session.accessed else None
    return Chosen(**{name: kept[name] for name in _NAMES if name in kept}) if kept else Chosen()


def _is_signed_in(request: HttpRequest) -> bool:
    """As `chosen_by`, asks nobody who was not asked yet."""
    session = getattr(request, "session", None)
    return session is not None and session.accessed and SESSION_KEY in session


def choose(request: HttpRequest, person: User, chosen: Chosen) -> None:
    """Keep it for the person, from this page on."""
    PersonalSettings.objects.update_or_create(person=person, defaults=asdict(chosen))
    request.session[_KEY] = asdict(chosen)


def zones_of(people: Collection[int]) -> dict[int, zoneinfo.ZoneInfo]:
    """By whose clock something is done for people who aren't there: theirs, else the portal's own."""
    rows = PersonalSettings.objects.filter(person__in=people).exclude(time_zone="")
    chosen = dict(rows.values_list("person", "time_zone"))
    return {person: _zone(chosen.get(person, settings.TIME_ZONE)) for person in people}


def _zone(name: str) -> zoneinfo.ZoneInfo:
    try:
        return zoneinfo.ZoneInfo(name)
    except zoneinfo.ZoneInfoNotFoundError:  # a machine that knows fewer zones than the last one
        return zoneinfo.ZoneInfo("UTC")


def choose_columns(request: HttpRequest, person: User, source: str, names: Sequence[str]) -> None:
    """Which columns the lists of `source` have; none: those that the portal gives them."""
    chosen = chosen_by(request)
    kept = {**chosen.list_columns, source: list(names)}
    choose(request, person, replace(chosen, list_columns={name: each for name, each in kept.items() if each}))


def choose_default_view(request: HttpRequest, person: User, source: str, view: str) -> None:
    """With which view the lists of `source` open; blank: with all orders."""
    chosen = chosen_by(request)
    kept = {**chosen.default_views, source: view}
    choose(
        request, person, replace(chosen, default_views={name: each for name, each in kept.items() if each})
    )


def zones() -> list[str]:
    """Every time zone with a place's name, and UTC."""
    return [
        "UTC",
        *sorted(name for name in zoneinfo.available_timezones() if "/" in name and "Etc/" not in name),
    ]


@receiver(user_logged_in)
def _remember(sender: Any, request: HttpRequest | None, user: User, **_: Any) -> None:
    kept = PersonalSettings.objects.filter(person=user).values(*_NAMES).first()
    if request is not None and kept is not None and hasattr(request, "session"):
        request.session[_KEY] = kept


def language_of(person: User) -> str:
    """In which language to write to somebody who is not asking just now."""
    chosen = PersonalSettings.objects.filter(person=person).values_list("language", flat=True).first()
    return known_language(chosen or "")


def known_language(chosen: str) -> str:
    """The one chosen; the portal's own where none was, or one that it speaks no longer."""
    return chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def speak_to(request: HttpRequest) -> None:
    """For pages of addresses that lead to no view, where nobody has asked yet who is there."""
    if getattr(request, "user", None) is not None and request.user.is_authenticated:
        _speak(request)


def _speak(request: HttpRequest) -> None:
    if _is_signed_in(request) and not is_for_programs(request):
        translation.activate(known_language(chosen_by(request).language))


class OwnSettingsMiddleware:
    """Pages speak the person's language and tell times in their zone; files, scripts and the ledger's own
    keep to the contract's language, and to UTC.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            return self.get_response(request)
        finally:
            timezone.deactivate()

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        _speak(request)
        zone = chosen_by(request).time_zone
        if not zone:
            return
        with suppress(zoneinfo.ZoneInfoNotFoundError):  # a machine that knows fewer zones than the last one
            timezone.activate(zoneinfo.ZoneInfo(zone))
