"""A worker answers /metrics with its own numbers, to who has the token."""

import pytest
import requests

from tests.exports.workers import environment, workers
from tests.processes import free_port, wait_until

pytestmark = [pytest.mark.django_db(transaction=True)]


def status(port: int, **headers: str) -> int:
    try:
        return requests.get(f"http://127.0.0.1:{port}/metrics", headers=headers, timeout=5).status_code
    except requests.ConnectionError:
        return 0


def test_a_workers_numbers_are_for_who_has_the_token(sqlite_url, tmp_path):
    port = free_port()
    more = {"WORKER_METRICS_PORT": str(port), "METRICS_TOKEN": "metrics"}

    with workers(environment(sqlite_url, tmp_path / "files", "http://127.0.0.1:9", **more)) as found:
        found.start()
        wait_until(lambda: status(port))
        answer = requests.get(
            f"http://127.0.0.1:{port}/metrics", headers={"Authorization": "Bearer metrics"}, timeout=5
        )

        assert (status(port), status(port, Authorization="Bearer other")) == (401, 401)
        assert (answer.status_code, "portal_files_total" in answer.text) == (200, True)
        assert requests.get(f"http://127.0.0.1:{port}/", timeout=5).status_code == 404

        second = found.start()[0]
        assert second.wait(30) == 1
        assert "each worker needs its own" in found.said()
