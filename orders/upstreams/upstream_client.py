"""What a source of orders needs of the transport, so that it can be read and tested without it."""

from typing import Protocol

from orders.domain.errors import BadAnswer, ForeignAnswer
from orders.domain.urgency import Urgency
from orders.upstreams.base import Answer, Parameters


class UpstreamClient(Protocol):
    """The way to one upstream. All methods know its name, credentials and limits."""

    def get(
        self,
        path: str,
        params: Parameters = (),
        *,
        customer_id: str = "",
        urgency: Urgency = Urgency.PAGE,
        correlation_id: str = "",
        deadline: float | None = None,
    ) -> Answer:
        """One call, retries included. `deadline`: an instant of `time.monotonic`, may be shared.

        `customer_id` says whom it is about, blank where it is about nobody: an upstream that fails for one
        customer is not failing. `urgency` says who waits for it.
        """

    def read_by_post(
        self, path: str, body: bytes, params: Parameters = (), *, urgency: Urgency = Urgency.PAGE
    ) -> Answer:
        """A POST that only reads; its path has to stand in the manifest's `reading_posts`."""

    def bad_answer(self, answer: Answer, detail: str) -> BadAnswer:
        """The exception for an answer that came and can't be read."""

    def foreign_answer(self, answer: Answer, detail: str) -> ForeignAnswer:
        """The exception for an answer that belongs to another question. Nothing of it may be shown."""
