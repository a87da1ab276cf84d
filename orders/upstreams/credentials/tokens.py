"""Bearer tokens: fixed ones, and those got with client credentials, kept, shared and renewed.

A token is fetched once for everybody: by one thread of a process, and by one process of all that
share the cache. What goes wrong at the token service is blamed on the token service.
"""

import base64
import hashlib
import hmac
import os
import threading
import time
from collections.abc import Callable, Sequence
from weakref import WeakSet

import msgspec
from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from orders.domain.errors import (
    CredentialsRefused,
    NotConfigured,
    TimedOut,
    UpstreamError,
)
from orders.domain.redaction import Redactor
from orders.infrastructure import metrics
from orders.upstreams.credentials.token_service import Grant, TokenService
from orders.upstreams.http.addresses import check_token
from orders.upstreams.http.shared_state import Cache, SharedState

# A token is renewed this long before it ends, but a short-lived one not before its last tenth.
_EARLY_SECONDS = 180.0
_EARLY_SHARE = 0.1

_LOCK_SECONDS = 10.0  # how long one worker may keep the others waiting for the token it fetches
_LOOK_EVERY = 0.05
_PUT_OFF_SECONDS = 5.0  # after an early renewal failed, while the old token still holds


class NoCredentials:
    """For an upstream this portal has no credentials for."""

    configured = False
    is_renewable = False

    def __init__(self, *, source: str) -> None:
        self._source = source

    def current(self, deadline: float) -> str:
        raise NotConfigured(source=self._source)

    def renew(self, rejected_token: str, deadline: float) -> str:
        raise NotConfigured(source=self._source)


class FixedToken:
    """A token from the settings; when it runs out an administrator has to replace it."""

    configured = True
    is_renewable = False

    def __init__(self, token: str, *, source: str, redactor: Redactor) -> None:
        """Raises `ValueError`, without the token, where it cannot stand in a header."""
        self._token = check_token(token)
        self._source = source
        redactor.add(self._token, lasting=True)

    def current(self, deadline: float) -> str:
        return self._token

    def renew(self, rejected_token: str, deadline: float) -> str:
        raise CredentialsRefused(source=self._source, detail="a fixed token cannot be renewed")


class _Held(msgspec.Struct, frozen=True):
    """A token and when it ends, in seconds since 1970, the clock that workers share."""

    token: str
    ends_at: float
    renew_at: float

    def __repr__(self) -> str:
        return f"<a token until {self.ends_at:.0f}>"


class _Failure(msgspec.Struct, frozen=True):
    at: float
    error: UpstreamError


class _BusyError(Exception):
    """Another worker is fetching, and we have a token that still holds."""


class ClientCredentials:
    """Tokens from a token service, for all threads and all workers.

    What goes into the cache is sealed with the first of `keys`; former ones, behind it, still open what
    they sealed, so that a key can be replaced worker by worker. Deadlines are instants of
    `time.monotonic`; a caller never waits longer, not even for a lock.
    """

    configured = True
    is_renewable = True

    def __init__(
        self,
        *,
        service: TokenService,
        redactor: Redactor,
        cache: Cache,
        keys: Sequence[bytes],
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
        lock_seconds: float = _LOCK_SECONDS,
    ) -> None:
        self._service = service
        self._lock_seconds = lock_seconds
        self._redactor = redactor
        self._seal = MultiFernet([_derived(key, f"token of {service.source}") for key in keys])
        # Other credentials, other name: a token never outlives a change of the settings. The name tells
        # nothing about them.
        name = hmac.digest(service.identity.encode(), b"name in the shared cache", "sha256").hex()[:24]
        self._shared = SharedState(cache, prefix=f"upstream-token:{service.source}:{name}:")
        self._clock = clock
        self._sleep = sleep
        self._held: _Held | None = None
        self._failure: _Failure | None = None
        self.start_afresh()
        _sources.add(self)

    def __repr__(self) -> str:
        return f"<ClientCredentials of {self._service.source}>"

    def start_afresh(self) -> None:
        """After a fork: whoever held the lock is not in this process."""
        self._lock = threading.Lock()

    def current(self, deadline: float) -> str:
        """A token that is valid for a while, fetched if there is none."""
        held, now = self._held, self._clock()
        if held is None or now >= held.ends_at:
            return self._obtain("", deadline)
        if now < held.renew_at or not self._lock.acquire(blocking=False):
            return held.token
        # Early renewal is one caller's business; the others go on with the token that still holds.
        try:
            if self._held is held:
                self._take(held.token, deadline, is_patient=False)
        except (UpstreamError, _BusyError):
            put_off = min(held.ends_at, now + _PUT_OFF_SECONDS)
            self._held = msgspec.structs.replace(held, renew_at=put_off)
        finally:
            self._lock.release()
        return self._held.token if self._held is not None else held.token

    def renew(self, rejected_token: str, deadline: float) -> str:
        """Another token than the one refused: one that somebody got already, or a new one."""
        return self._obtain(rejected_token, deadline)

    def _obtain(self, rejected: str, deadline: float) -> str:
        asked_at = time.monotonic()
        if not self._lock.acquire(timeout=max(0.0, deadline - asked_at)):
            detail = "the token service did not answer before the deadline"
            raise TimedOut(source=self._service.source, detail=detail)
        try:
            failure = self._failure
            if failure is not None and failure.at >= asked_at:
                # It failed while we waited in line; asking again would only make the line longer.
                raise _again(failure.error)
            held = self._held
            if held is not None and held.token != rejected and self._clock() < held.ends_at:
                return held.token
            return self._take(rejected, deadline)
        finally:
            self._lock.release()

    def _take(self, unwanted: str, deadline: float, *, is_patient: bool = True) -> str:
        """Another worker's token, or a fetched one that other workers may take in turn."""
        has_lock = self._wait_for_turn(unwanted, deadline, is_patient=is_patient)
        try:
            # Somebody may have finished between our last look and our turn.
            held = self._shared_token(unwanted)
            return self._keep(held or self._share(self._service.fetch(deadline)))
        except UpstreamError as error:
            self._failure = _Failure(time.monotonic(), error)
            raise
        finally:
            if has_lock:
                self._shared.delete("lock")

    def _wait_for_turn(self, unwanted: str, deadline: float, *, is_patient: bool) -> bool:
        """Until no other worker is fetching. Whether the lock is ours; no need of it if not."""
        give_up_at = min(deadline, time.monotonic() + self._lock_seconds)
        while not self._shared.add("lock", 1, self._lock_seconds):
            if self._shared_token(unwanted) is not None:
                return False
            if not is_patient:
                raise _BusyError
            if time.monotonic() + _LOOK_EVERY >= give_up_at:
                return False  # fetching twice does no harm
            self._sleep(_LOOK_EVERY)
        return True

    def _keep(self, held: _Held) -> str:
        self._redactor.add(held.token)
        metrics.token_expiry.labels(self._service.source).set(held.ends_at)
        self._held, self._failure = held, None
        return held.token

    def _share(self, grant: Grant) -> _Held:
        self._redactor.add(grant.token)
        life = float(grant.seconds)
        now = self._clock()
        early = min(_EARLY_SECONDS, life * _EARLY_SHARE)
        held = _Held(grant.token, ends_at=now + life, renew_at=now + life - early)
        sealed = self._seal.encrypt(msgspec.json.encode(held))
        self._shared.set("token", sealed.decode(), life)
        return held

    def _shared_token(self, unwanted: str) -> _Held | None:
        sealed = self._shared.get("token")
        if not isinstance(sealed, str):
            return None
        try:
            held = msgspec.json.decode(self._seal.decrypt(sealed), type=_Held)
        except (InvalidToken, msgspec.MsgspecError):
            return None
        is_wanted = held.token != unwanted and self._clock() < held.renew_at
        return held if is_wanted else None


def _derived(key: bytes, purpose: str) -> Fernet:
    """A key of its own for each purpose, out of the portal's one."""
    return Fernet(base64.urlsafe_b64encode(hmac.digest(key, purpose.encode(), hashlib.sha256)))


def _again(error: UpstreamError) -> UpstreamError:
    """The same error for another caller: an exception raised twice mixes up its tracebacks."""
    return type(error)(
        source=error.source,
        status=error.status,
        retry_after=error.retry_after,
        detail=error.detail,
    )


_sources: WeakSet[ClientCredentials] = WeakSet()


def _start_afresh() -> None:
    for source in list(_sources):
        source.start_afresh()


os.register_at_fork(after_in_child=_start_afresh)
