"""Why an upstream's orders could not be shown, named by cause.

`cause` is the word the page carries in `data-error`. Texts that came from an upstream are already cut
to a sane length and cleared of secrets when they get here.
"""

from datetime import datetime

from orders.domain.exchanges import Exchange


class UpstreamError(Exception):
    """One call to an upstream failed for good.

    `status` is the upstream's HTTP status, None where it never answered; `vendor_code` and
    `vendor_message` are what its body said; `parameter` is the documented parameter it refused, where
    known; `retry_after` is in seconds; `detail` is our own word on what happened, safe to show.
    """

    cause = "unavailable"
    kind = ""  # a finer word than `cause`, where people are told more
    saved_age: int | None = None  # in seconds, of the last good answer, where that was not wished for
    is_anothers = False  # the call was somebody else's, for whose answer this person waited too

    def __init__(
        self,
        *,
        source: str,
        exchange: Exchange | None = None,
        status: int | None = None,
        vendor_code: str = "",
        vendor_message: str = "",
        parameter: str = "",
        retry_after: int | None = None,
        failing_since: datetime | None = None,
        detail: str = "",
    ) -> None:
        self.source = source
        self.exchange = exchange
        self.status = status
        self.vendor_code = vendor_code
        self.vendor_message = vendor_message
        self.parameter = parameter
        self.retry_after = retry_after
        self.failing_since = failing_since
        self.detail = detail
        super().__init__(str(self))

    def __str__(self) -> str:
        """One line for the log: cause, status, code and identifiers, never the upstream's own text."""
        parts = [f"{self.source}: {self.cause}"]
        if self.status is not None:
            parts.append(f"HTTP {self.status}")
        if self.vendor_code:
            parts.append(f"code {self.vendor_code}")
        if self.detail:
            parts.append(self.detail)
        if self.exchange is not None and self.exchange.attempts:
            parts.append(f"request {self.exchange.request_id}")
            parts.append(f"correlation {self.exchange.correlation_id}")
            parts.append(f"{len(self.exchange.attempts)} attempts")
        return ", ".join(parts)


class BadRequest(UpstreamError):
    """The upstream refused a parameter; the person can mend it."""

    cause = "bad-request"


class OutOfRange(UpstreamError):
    """The page asked for lies behind the last one. `total_count` is None where it isn't known.

    `claimed_count` is what the upstream said, though nothing came from here on.
    """

    cause = "out-of-range"
    total_count: int | None = None
    claimed_count: int | None = None


class CredentialsRefused(UpstreamError):
    """The upstream does not accept our key or token; an administrator has to act."""

    cause = "credentials"


class NotFound(UpstreamError):
    """No such customer, or no such order, at this upstream."""

    cause = "not-found"


class NotThisPartners(NotFound):
    """Adobe knows the customer, as another partner's; nothing is wrong with our key."""

    kind = "not-this-partner"


class NotInList(NotFound):
    """The upstream sent all of the customer's orders, and this one is not among them: it isn't theirs."""

    kind = "not-in-list"


class NotInPartOfList(NotFound):
    """Not among the orders that came, and more of them exist, or some could not be read."""

    kind = "not-in-part-of-list"


class NotYours(NotFound):
    """Not one of the person's own customers. Nothing was asked, so nobody can tell if it exists."""


class RateLimited(UpstreamError):
    """Too many requests, still, after waiting as long as the deadline allowed."""

    cause = "rate-limited"


class Busy(UpstreamError):
    """Not asked at all: as many calls as this portal allows are under way, or were in this second."""

    cause = "busy"


class Unavailable(UpstreamError):
    """The upstream failed, refused the connection or dropped it. Worth another try."""

    cause = "unavailable"


class ProxyRefused(Unavailable):
    """A proxy between us and the upstream wants credentials of its own; the upstream was not reached."""

    kind = "proxy"


class OurFault(Unavailable):
    """The upstream refused what we made, not what a person asked for: an identifier of the request."""

    kind = "our-fault"


class CircuitOpen(Unavailable):
    """Not asked at all: the upstream has been failing, and one probe at a time finds out when it ends."""


class TimedOut(UpstreamError):
    """No answer within the deadline. The intent is unspent: a retry may carry its correlation ID."""

    cause = "timeout"


class BadAnswer(UpstreamError):
    """An answer came and could not be read: not JSON, cut short, wrong shape, too long, a redirect."""

    cause = "bad-answer"


class WrongAddress(BadAnswer):
    """A refusal that isn't in the vendor's form: a web server or a gateway answered in its place."""

    kind = "wrong-address"


class ForeignAnswer(BadAnswer):
    """The answer to another question: another customer's, another order, another request. Not shown."""

    kind = "foreign-answer"


class NotConfigured(UpstreamError):
    """This portal has no credentials for the upstream."""

    cause = "not-configured"
