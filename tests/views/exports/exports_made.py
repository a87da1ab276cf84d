"""Exports in every state, as the engine would have left them."""

import hashlib
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from orders.exports.models import Export
from orders.sandbox import customers

CONTENT = b"orderId,status\r\n0001,1000\r\n"
DIGEST = hashlib.sha256(CONTENT).hexdigest()
NOW = datetime.now(UTC).replace(microsecond=0)
State = Export.State
BROWSER = {"Accept": "text/html,*/*;q=0.8"}
Make = Callable[..., Export]


IN_STATE: dict[str, dict[str, Any]] = {
    State.WAITING: {"total_count": None},
    State.RUNNING: {"started_at": NOW, "pages_done": 3, "orders_done": 300, "rows_done": 300},
    State.COMPLETE: {"finished_at": NOW, "orders_done": 312, "rows_done": 312},
    State.PARTIAL: {
        "finished_at": NOW,
        "orders_done": 20,
        "rows_done": 20,
        "missing": ["Page 2 of 3 is missing.", "fabric counts 57 orders and sent 20."],
    },
    State.FAILED: {
        "finished_at": NOW,
        "pages_done": 2,
        "orders_done": 200,
        "rows_done": 200,
        "next_offset": 200,
        "error_cause": "unavailable",
        "error_code": "1124",
        "error_message": "HTTP 500",
        "error_request_id": "7f3a-request",
        "error_correlation_id": "b21e-correlation",
    },
    State.CANCELLED: {"finished_at": NOW},
    State.EXPIRED: {"finished_at": NOW - timedelta(days=2), "file_name": "orders_adobe_1_old.csv"},
}


@pytest.fixture
def make(agent: Any, settings: Any, tmp_path: Any) -> Make:
    """An export in some state, as the engine would have left it; with its file where there is one."""
    settings.EXPORT_DIR = tmp_path

    def make_export(state: str = State.COMPLETE, **changes: Any) -> Export:
        fields: dict[str, Any] = {
            "owner": agent,
            "source": "adobe",
            "customer_id": customers.ADOBE_LARGE,
            "query": "status=1000&start-date=2026-01-01",
            "rows": "orders",
            "made_at": NOW,
            "pinned_end": "2026-03-01T14:02:11Z",
            "total_count": 312,
            **IN_STATE[state],
        }
        if state in (State.COMPLETE, State.PARTIAL):
            name = f"{'PARTIAL_' if state == State.PARTIAL else ''}orders_adobe_1_{uuid.uuid4().hex[:6]}.csv"
            (tmp_path / name).write_bytes(CONTENT)
            fields |= {
                "file_name": name,
                "file_path": name,
                "file_size": len(CONTENT),
                "file_sha256": DIGEST,
                "expires_at": NOW + timedelta(hours=24),
            }
        return Export.objects.create(state=state, **(fields | changes))

    return make_export
