"""What holds for the tests themselves: small files of one subject, which reach into nothing private."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TESTS = sorted((ROOT / "tests").rglob("*.py"))
MOST_LINES = 400
# Django's cache in memory lists what it holds in no other way.
OTHERS = {"_cache"}
PATCHES = {"setattr", "delattr", "patch", "object", "getattr"}


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__") and name.strip("_") != ""


def private_names(tree: ast.AST) -> set[str]:
    """Those that a module gives: to its functions and classes, to itself, to its objects."""
    found: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                found.add(name)
            case ast.Name(id=name, ctx=ast.Store()):
                found.add(name)
            case ast.Attribute(value=ast.Name(id="self" | "cls"), attr=name, ctx=ast.Store()):
                found.add(name)
    return {name for name in found if is_private(name)}


def reached_names(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """The line and the name of each private thing that a module imports, asks an object for, or patches.

    What an object asks itself for is its own.
    """
    for node in ast.walk(tree):
        match node:
            case ast.ImportFrom(module=str(module), names=names):
                reached = [*module.split("."), *(each.name for each in names)]
            case ast.Import(names=names):
                reached = [part for each in names for part in each.name.split(".")]
            case ast.Attribute(value=ast.Name(id="self" | "cls")):
                reached = []
            case ast.Attribute(attr=name):
                reached = [name]
            case ast.Call(func=ast.Attribute(attr=called) | ast.Name(id=called)) if called in PATCHES:
                texts = [each.value for each in node.args if isinstance(each, ast.Constant)]
                reached = [part for text in texts if isinstance(text, str) for part in text.split(".")]
            case _:
                reached = []
        yield from ((getattr(node, "lineno", 0), name) for name in reached if is_private(name))


@pytest.fixture(scope="module")
def ours() -> set[str]:
    """Every private name of the portal, whichever module gives it."""
    modules = (ROOT / "orders").rglob("*.py")
    return set().union(*(private_names(ast.parse(path.read_text())) for path in modules)) - OTHERS


def reaches(source: str, ours: set[str]) -> list[str]:
    tree = ast.parse(source)
    private = ours - private_names(tree)  # a test's own class may call something by the same name
    return [f"{line}: {name}" for line, name in reached_names(tree) if name in private]


def test_no_test_reaches_into_what_is_private(ours: set[str]) -> None:
    found = {str(path.relative_to(ROOT)): reaches(path.read_text(), ours) for path in TESTS}

    assert len(ours) > 100
    assert {path: reached for path, reached in found.items() if reached} == {}


@pytest.mark.parametrize(
    "source",
    [
        "from orders.services.orders import _known",
        "import orders.services._known",
        "from orders.services._known import given",
        "thing()._known",
        "thing._known = 7",
        'patch.setattr(thing, "_known", 7)',
        'patch.setattr("orders.services.orders._known", 7)',
        'getattr(thing, "_known")',
    ],
)
def test_a_reach_is_noticed(source: str) -> None:
    assert reaches(f"\n{source}", {"_known"}) == ["2: _known"]


@pytest.mark.parametrize(
    "source",
    [
        "thing._meta",
        "thing.__dict__",
        "class Own:\n    def _known(self): return self._known\nOwn()._known()",
        'print("_known")',
        "for _ in (): pass",
    ],
)
def test_what_belongs_to_others_or_to_the_test_is_no_reach(source: str) -> None:
    assert reaches(source, {"_known"}) == []


def test_no_file_of_tests_is_too_long_to_know() -> None:
    lines = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in TESTS}

    assert {path: count for path, count in lines.items() if count > MOST_LINES} == {}
