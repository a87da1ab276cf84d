"""Alerts and dashboard: every metric that they name exists, and every alert has its place in the runbook."""

import json
import re
from pathlib import Path

import pytest
import yaml
from prometheus_client.registry import REGISTRY

from orders.infrastructure import metrics  # noqa: F401  (its metrics register themselves)
from orders.views.system import monitoring

ROOT = Path(__file__).parents[2]
RULES = yaml.safe_load((ROOT / "deploy" / "alerts.yaml").read_text())["groups"][0]["rules"]
PANELS = json.loads((ROOT / "deploy" / "dashboard.json").read_text())["panels"]
EXPRESSIONS = [rule["expr"] for rule in RULES] + [each["targets"][0]["expr"] for each in PANELS]
# Of a scrape itself.
OF_PROMETHEUS = {"up"}


def known() -> set[str]:
    """Every series that a scrape may hold, by its name."""
    registered = set(REGISTRY._names_to_collectors)
    asked = re.findall(r'"(portal_\w+)"', Path(monitoring.__file__).read_text())
    return registered | set(asked)


def named(expression: str) -> set[str]:
    return set(re.findall(r"\bportal_\w+", expression))


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_every_metric_that_is_named_exists(expression: str) -> None:
    assert named(expression) or set(re.findall(r"\w+", expression)) & OF_PROMETHEUS
    assert named(expression) - known() == set()


def test_a_metric_that_does_not_exist_is_found_out() -> None:
    assert named("rate(portal_made_up_total[5m])") - known() == {"portal_made_up_total"}


def test_every_metric_that_others_rely_on_exists() -> None:
    of_sources = ("in_flight", "waiting", "refused_total")
    of_queues = ("queue_length", "queue_oldest_seconds", "workers", "files_total", "cache_total")
    of_the_ledger = ("ledger_head", "ledger_append_seconds", "ledger_failures_total", "reveals_total")
    others = ("sign_in_total", "token_expiry_seconds", "build_info", "threads_busy", "exports_total")
    relied_on = {f"portal_upstream_{name}" for name in of_sources}
    relied_on |= {f"portal_{name}" for name in (*of_queues, *of_the_ledger, *others)}

    assert relied_on - known() == set()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_every_alert_says_what_it_means_and_what_to_do(rule: dict[str, dict[str, str]]) -> None:
    runbook = (ROOT / "docs" / "runbook.md").read_text()
    section = runbook.partition(f"## {rule['alert']}\n")[2].partition("\n## ")[0]

    assert rule["labels"]["severity"] in {"page", "ticket"}
    assert rule["annotations"]["summary"] in section
    assert rule["annotations"]["runbook"] in section
