"""Answers that are kept: for some seconds, so that a step back, a reload and a colleague cost no call; and
for some minutes, so that there is something to show while the upstream fails.

What an adapter has read is kept as it is, before anything is masked, and therefore sealed. It is kept for
people with the same rights and the same scope, and each of them is admitted and masked for as ever. It
ends by time alone.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Generic, TypeVar

import msgspec
from django.conf import settings

from orders.domain.errors import UpstreamError
from orders.domain.freshness import ASKED_NOW, FAILING, SAVED, STALE, Freshness
from orders.domain.granted_rights import Rights
from orders.domain.queries import FetchedOrder, FetchedPage
from orders.infrastructure import metrics
from orders.infrastructure.sealed_cache import SealedCache
from orders.services import shared_failures
from orders.services.shared_failures import SharedFailure
from orders.services.single_flight import SingleFlight
from orders.upstreams import registry

# Seconds that the clocks of two machines may be apart.
_CLOCKS_APART = 2.0
# Seconds for which the last good answer can be had without asking, after somebody asked in vain.
_COPY_SECONDS = 120.0
_failures = SealedCache("failure-of-question", SharedFailure)

Fetched = TypeVar("Fetched")


class Answered(msgspec.Struct, Generic[Fetched], frozen=True):
    """What came, when it was asked, and how old it is."""

    fetched: Fetched
    at: datetime
    freshness: Freshness = ASKED_NOW


class Saved(msgspec.Struct, Generic[Fetched], frozen=True):
    """What came, and when, as it is kept."""

    fetched: Fetched
    at: datetime

    @property
    def exact_age(self) -> float:
        """In seconds; below nothing where clocks are apart."""
        return (datetime.now(UTC) - self.at).total_seconds()

    @property
    def age(self) -> int:
        return max(0, int(self.exact_age))


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """Whose question it is, and what may answer it. `scope` is that of `permissions.scope_of`.

    `may_be_saved`: what somebody was told a moment ago will do. `may_be_stale`: the last good answer, where
    the upstream fails. `is_for_copy`: the last good answer, where the upstream failed a moment ago.
    """

    rights: Rights
    scope: str
    may_be_saved: bool = True
    may_be_stale: bool = True
    is_for_copy: bool = False

    @property
    def words(self) -> tuple[str, ...]:
        """All that makes one person's answers another's or not."""
        held = ",".join(sorted(self.rights.held))
        rest = f"{self.rights.sees_all:d}{self.rights.may_import_accounts:d}{self.rights.may_manage_people:d}"
        return held, rest, self.scope


class SavedAnswers(Generic[Fetched]):
    """Those of one type that msgspec can write down: `SavedAnswers("customer", Saved[Customer])`."""

    def __init__(self, purpose: str, kept: type[Saved[Fetched]]) -> None:
        self._cache: SealedCache[Saved[Fetched]] = SealedCache(purpose, kept)
        self._flights: SingleFlight[Saved[Fetched]] = SingleFlight()

    def name(self, source: str, question: Sequence[str], wish: Wish) -> str:
        """Under which it is saved: another one for other rights, another scope or another question."""
        return self._cache.name(source, *wish.words, *question)

    def answer(
        self,
        source: str,
        question: Sequence[str],
        wish: Wish | None,
        ask: Callable[[], Fetched],
        *,
        is_worth_keeping: Callable[[Fetched], bool] = lambda fetched: True,
    ) -> Answered[Fetched]:
        """A saved answer where the wish allows one, else that of `ask`, which is saved for the next.

        Without a wish nothing is looked for and nothing is saved. Raises what `ask` does, unless the wish
        allows the last good answer instead.
        """
        kept_for = max(settings.CACHE_FRESH, settings.CACHE_STALE)
        if wish is None or not kept_for:
            return Answered(ask(), datetime.now(UTC))
        name = self.name(source, question, wish)

        def asked() -> Saved[Fetched]:
            fetched = ask()
            saved = Saved(fetched, datetime.now(UTC))
            if is_worth_keeping(fetched):
                self._cache.set(name, saved, kept_for)
            return saved

        if wish.is_for_copy and (copy := self._copy(name)) is not None:
            return copy
        try:
            return self._newest(source, name, wish, asked)
        except UpstreamError as error:
            if error.cause not in FAILING or (last := self._within(name, settings.CACHE_STALE)) is None:
                raise
            if wish.may_be_saved and last.exact_age < settings.CACHE_FRESH:
                return _given(last, SAVED)  # it came while there was no place left to wait for it
            if wish.may_be_stale:
                return _given(last, STALE, error)
            error.saved_age = last.age
            _failures.set(_failures.name(name), shared_failures.written(error), _COPY_SECONDS)
            raise

    def _newest(
        self, source: str, name: str, wish: Wish, asked: Callable[[], Saved[Fetched]]
    ) -> Answered[Fetched]:
        """What was saved a moment ago, what somebody is asking for just now, or what is asked for now."""
        if not (wish.may_be_saved and settings.CACHE_FRESH):
            metrics.count_answer("asked" if wish.may_be_saved else "asked-anew")
            saved = asked()
            return Answered(saved.fetched, saved.at)

        def look() -> Saved[Fetched] | None:
            return self._within(name, settings.CACHE_FRESH)

        if (found := look()) is not None:
            return _given(found, SAVED)
        with registry.place(source) as place:
            saved, is_own = self._flights.answer(
                name, asked, look, source=source, seconds=settings.UPSTREAM_LIMITS["deadline"]
            )
            place.was_answered = True
        if not is_own:
            return _given(saved, SAVED, outcome="waited")
        metrics.count_answer("asked")
        return Answered(saved.fetched, saved.at)

    def _within(self, name: str, seconds: float) -> Saved[Fetched] | None:
        """What was saved no longer ago than that."""
        found = self._cache.get(name) if seconds else None
        return found if found is not None and -_CLOCKS_APART <= found.exact_age < seconds else None

    def _copy(self, name: str) -> Answered[Fetched] | None:
        """The last good answer beside the failure that was told of a moment ago, if both are still there."""
        last = self._within(name, settings.CACHE_STALE)
        failure = None if last is None else _failures.get(_failures.name(name))
        return None if last is None or failure is None else _given(last, STALE, shared_failures.told(failure))


def _given(
    saved: Saved[Fetched], state: str, failure: UpstreamError | None = None, *, outcome: str = ""
) -> Answered[Fetched]:
    metrics.count_answer(outcome or state, max(0.0, saved.exact_age))
    return Answered(saved.fetched, saved.at, Freshness(state=state, age=saved.age, failure=failure))


pages: SavedAnswers[FetchedPage] = SavedAnswers("page", Saved[FetchedPage])
orders: SavedAnswers[FetchedOrder] = SavedAnswers("order", Saved[FetchedOrder])
