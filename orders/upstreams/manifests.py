"""What an adapter declares of itself: one manifest in its own folder, which the rest of the portal reads.

Nothing here, and nothing that a manifest imports, may need Django's settings: they are made of it.
"""

from collections.abc import Callable, Mapping
from typing import Any, Literal

import msgspec

from orders.domain.descriptions import Description
from orders.upstreams.base import OrderSource, Problem
from orders.upstreams.upstream_client import UpstreamClient

Given = Mapping[str, Any]  # the upstream's settings by name, blank where there are none


class Setting(msgspec.Struct, frozen=True):
    """One value that the environment gives: `api_key` of `adobe` is `ADOBE_API_KEY`.

    An `address` that has a default can't be blank; a `header` stands in a request's header as it is.
    """

    name: str
    default: str = ""
    kind: Literal["text", "address", "header"] = "text"


class Requirement(msgspec.Struct, frozen=True, kw_only=True):
    """Where `having` is set, one of `one_of` has to be set as well; `said` tells what is missing.

    `check_id` is the number of Django's system check that says so.
    """

    having: str
    one_of: tuple[str, ...]
    said: str
    check_id: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """One upstream: what it is called and can do, what it takes to ask it, and who asks it.

    Its `settings` have at least `base_url`, `access_token`, `client_id`, `client_secret` and `token_url`.
    `source` is given the upstream's client and the seconds that one page may take.
    """

    description: Description
    settings: tuple[Setting, ...]
    source: Callable[[UpstreamClient, float], OrderSource[Any]]
    read_problem: Callable[[int, bytes], Problem]
    secret_in: Literal["body", "basic"]  # how its token service wants our secret
    scope: str = ""  # what a token is asked for where no setting says so
    # What every request carries beside the token; a blank one is left out.
    headers: Callable[[Given], dict[str, str]] = lambda given: {}
    requirements: tuple[Requirement, ...] = ()
    # Paths that are asked by a POST, because the question is too long for an address, and that only read.
    reading_posts: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        return self.description.name

    def variable(self, setting: str) -> str:
        """The name in the environment of one of its settings."""
        return f"{self.name}_{setting}".upper()

    @property
    def client_credentials(self) -> tuple[str, ...]:
        """What has to be set for tokens of our own: all of it, or none. A default is always there."""
        parts = ("client_id", "client_secret", "token_url")
        return tuple(each.name for each in self.settings if each.name in parts and not each.default)
