"""The ground plan: how many rooms there are and how many ways between them, counted from the imports.

A room is a package directly in `orders/`, or a wing of the pages. A way leads from a room to another one that
any of its modules imports. All stand on the ground, `orders/domain/`, so that ways to it aren't counted.
Django's own files, among them the table of addresses, and the sandbox are no rooms.
"""

from graphlib import TopologicalSorter
from itertools import permutations

import grimp
import pytest

from orders.upstreams import catalogue

NO_ROOMS = {"admin", "apps", "management", "migrations", "models", "sandbox", "templatetags", "urls"}
GROUND = "domain"
MOST_ROOMS = 18
MOST_WAYS = 64


@pytest.fixture(scope="module")
def graph():
    return grimp.build_graph("orders", cache_dir=None)


@pytest.fixture(scope="module")
def ways_of(graph):
    """Each room with the rooms it imports."""
    found: dict[str, set[str]] = {}
    for module in graph.modules:
        room = room_of(module)
        if room is not None:
            imported = {room_of(each) for each in graph.find_modules_directly_imported_by(module)}
            found.setdefault(room, set()).update(imported - {room, None})
    return found


def room_of(module):
    """`views.order` for `orders.views.order.details`; None for what lies in no room."""
    _, *path = module.split(".")
    if not path or path[0] in NO_ROOMS or path == ["views"]:
        return None
    return ".".join(path[:2] if path[0] == "views" else path[:1])


def test_there_are_few_rooms(ways_of):
    assert {GROUND, "exports", "views.order", "views.shared"} <= set(ways_of)
    assert len(ways_of) <= MOST_ROOMS


def test_there_are_few_ways_between_them(ways_of):
    ways = [f"{room} → {other}" for room in sorted(ways_of) for other in sorted(ways_of[room] - {GROUND})]

    assert "views.order → services" in ways
    assert len(ways) <= MOST_WAYS, "\n".join(ways)


def test_no_way_leads_back(ways_of):
    """Raises where there is a circle, and names it."""
    assert next(iter(TopologicalSorter(ways_of).static_order())) == GROUND


def test_the_ground_knows_no_room(ways_of):
    assert ways_of[GROUND] == set()


def test_adapters_dont_know_each_other(graph):
    folders = [adapter.__name__ for adapter in catalogue.ADAPTERS]
    chains = [
        chain
        for importer, imported in permutations(folders, 2)
        for chain in graph.find_shortest_chains(importer, imported, as_packages=True)
    ]

    assert len(folders) > 1
    assert chains == []
