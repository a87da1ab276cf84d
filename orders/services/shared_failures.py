"""A failure that several people were told of: the one who asked, and those who waited for the same answer."""

from datetime import datetime

import msgspec

from orders.domain import errors
from orders.domain.errors import UpstreamError
from orders.domain.exchanges import Exchange

_KINDS: dict[str, type[UpstreamError]] = {
    kind.__name__: kind
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, UpstreamError)
}
_FIELDS = (
    *("source", "exchange", "status", "vendor_code", "vendor_message", "parameter", "retry_after"),
    *("failing_since", "detail"),
)


class SharedFailure(msgspec.Struct, frozen=True, kw_only=True):
    """What another worker has to know of an `UpstreamError` to tell people the same."""

    kind: str
    source: str
    exchange: Exchange | None = None
    status: int | None = None
    vendor_code: str = ""
    vendor_message: str = ""
    parameter: str = ""
    retry_after: int | None = None
    failing_since: datetime | None = None
    detail: str = ""


def written(error: UpstreamError) -> SharedFailure:
    return SharedFailure(kind=type(error).__name__, **{name: getattr(error, name) for name in _FIELDS})


def told(failure: SharedFailure) -> UpstreamError:
    """The error for one who waited: a new one, since an exception raised twice mixes up its tracebacks.

    Its intent is whoever's who asked: a retry by somebody else is a new one.
    """
    error = _KINDS.get(failure.kind, UpstreamError)(**{name: getattr(failure, name) for name in _FIELDS})
    error.is_anothers = True
    return error
