"""What a source of orders needs of the transport, so that it can be read and tested without it."""

from typing import Protocol

from orders.domain.errors import BadAnswer
from orders.upstreams.base import Answer, Parameters


class Door(Protocol):
    """The way to one upstream. Both methods know its name, credentials and limits."""

    def get(
        self,
        path: str,
        params: Parameters,
        *,
        correlation_id: str = "",
        deadline: float | None = None,
    ) -> Answer:
        """One call, retries included. `deadline`: an instant of `time.monotonic`, may be shared."""

    def bad_answer(self, answer: Answer, detail: str) -> BadAnswer:
        """The exception for an answer that came and can't be read."""
