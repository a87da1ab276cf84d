"""A transport that answers from a script and remembers what it was asked."""

from collections.abc import Sequence
from datetime import UTC, datetime

from orders.domain.errors import BadAnswer, ForeignAnswer, UpstreamError
from orders.domain.exchanges import Attempt, Exchange
from orders.domain.urgency import Urgency
from orders.upstreams.base import Answer

STARTED_AT = datetime(2026, 1, 31, 12, tzinfo=UTC)


def exchange(number: int = 1) -> Exchange:
    attempt = Attempt(
        request_id=f"r{number}", correlation_id=f"c{number}", started_at=STARTED_AT, duration=0.5
    )
    return Exchange(source="test", method="GET", path="/", attempts=(attempt,), duration=0.5)


class ScriptedDoor:
    def __init__(self, *answers: bytes | UpstreamError) -> None:
        self._answers = list(answers)
        self.asked: list[tuple[str, list[tuple[str, str]]]] = []
        self.correlation_ids: list[str] = []
        self.deadlines: list[float | None] = []
        self.customers: list[str] = []
        self.urgencies: list[Urgency] = []

    def read_by_post(
        self,
        path: str,
        body: bytes,
        params: Sequence[tuple[str, str]] = (),
        *,
        urgency: Urgency = Urgency.PAGE,
    ) -> Answer:
        raise AssertionError("nobody asks this door by a POST")

    def get(
        self,
        path: str,
        params: Sequence[tuple[str, str]] = (),
        *,
        customer_id: str = "",
        urgency: Urgency = Urgency.PAGE,
        correlation_id: str = "",
        deadline: float | None = None,
    ) -> Answer:
        self.asked.append((path, list(params)))
        self.correlation_ids.append(correlation_id)
        self.deadlines.append(deadline)
        self.customers.append(customer_id)
        self.urgencies.append(urgency)
        answer = self._answers.pop(0)
        if isinstance(answer, UpstreamError):
            raise answer
        return Answer(body=answer, exchange=exchange(len(self.asked)))

    def bad_answer(self, answer: Answer, detail: str) -> BadAnswer:
        return BadAnswer(source="test", exchange=answer.exchange, status=200, detail=detail)

    def foreign_answer(self, answer: Answer, detail: str) -> ForeignAnswer:
        return ForeignAnswer(source="test", exchange=answer.exchange, status=200, detail=detail)
