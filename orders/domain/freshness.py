"""How old what is shown is: asked just now, saved a moment ago, or the last that came before a failure."""

from enum import Enum, auto

import msgspec

from orders.domain.errors import UpstreamError

LIVE, SAVED, STALE = "live", "saved", "stale"
# Causes that say that the upstream fails, not what is the case: its last good answer may be shown then.
FAILING = frozenset({"timeout", "unavailable", "rate-limited", "busy", "bad-answer", "credentials"})


class Takes(Enum):
    """What a person takes for an answer."""

    LIVE = auto()  # what the upstream says now
    SAVED = auto()  # or what it said a moment ago, or last where it fails
    COPY = auto()  # or what it said last, since it failed a moment ago


class Freshness(msgspec.Struct, frozen=True, kw_only=True):
    """`state` is the word that a page carries in `data-freshness`; `age` is in whole seconds.

    `failure` is why nothing newer is shown, where the state is stale.
    """

    state: str = LIVE
    age: int = 0
    failure: UpstreamError | None = None

    @property
    def is_live(self) -> bool:
        return self.state == LIVE

    @property
    def is_stale(self) -> bool:
        return self.state == STALE


ASKED_NOW = Freshness()
