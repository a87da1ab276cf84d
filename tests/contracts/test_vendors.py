"""What an upstream means stands in its folder: elsewhere no code asks for one by its name."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from orders.upstreams import catalogue

ORDERS = Path(__file__).parents[2] / "orders"
ROOMS = (
    "domain",
    "exports",
    "index",
    "infrastructure",
    "ledger",
    "people",
    "presentation",
    "services",
    "views",
)
# Modules of one upstream, called after it, and the demo's customers.
OF_ONE = {f"{name}{end}" for name in catalogue.names() for end in (".py", "_sentences.py")}
ASIDE = {ORDERS / "people" / "demo.py"}
NAMES = {*catalogue.names(), *(each.price_parameter for each in catalogue.descriptions())} - {""}


def named(path: Path) -> Iterator[tuple[int, str]]:
    tree = ast.parse(path.read_text())
    keys = {key for each in ast.walk(tree) if isinstance(each, ast.Dict) for key in each.keys}
    for node in set(ast.walk(tree)) - keys:  # a column's examples are told by upstream
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            word = node.value.partition(".")[0]  # a topic of advice begins with its upstream
            if word in NAMES:
                yield node.lineno, node.value


@pytest.mark.parametrize("room", ROOMS)
def test_no_upstream_is_asked_for_by_its_name(room: str) -> None:
    paths = [path for path in (ORDERS / room).rglob("*.py") if path.name not in OF_ONE and path not in ASIDE]
    found = {str(path.relative_to(ORDERS)): list(named(path)) for path in paths}

    assert paths
    assert {path: names for path, names in found.items() if names} == {}
