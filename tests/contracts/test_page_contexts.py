"""Every page of ours is drawn from a dataclass, and its template says from which."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates"
MODULES = sorted(path for path in (ROOT / "orders").rglob("*.py") if "migrations" not in path.parts)
# The one place that hands a template to Django.
HELPER = Path("orders/infrastructure/pages.py")
DRAWING = {
    "render",
    "render_to_string",
    "TemplateResponse",
    "SimpleTemplateResponse",
    "get_template",
    "select_template",
}
# Forms' own small templates, which Django's widgets draw.
WIDGETS = ("template_name", "option_template_name")


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def calls(path: Path) -> Iterator[tuple[str, ast.Call]]:
    """The name of what is called, without what stands before its last dot, and the call."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Call):
            called = node.func
            yield getattr(called, "attr", getattr(called, "id", "")), node


def our_template(node: ast.expr, constants: dict[str, str]) -> str:
    """The template that this argument names, if it is one of ours."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        name = node.value
    else:
        name = constants.get(getattr(node, "id", ""), "")
    return name if name.startswith("orders/") and name.endswith(".html") else ""


def constants_of(path: Path) -> dict[str, str]:
    """Names of a module that stand for a text."""
    return {
        target.id: node.value.value
        for node in tree_of(path).body
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def drawn() -> dict[str, set[str]]:
    """Each template of ours that the helper draws, with the modules that ask for it."""
    found: dict[str, set[str]] = {}
    for path in MODULES:
        constants = constants_of(path)
        for name, call in calls(path):
            if name == "render_page":
                template = our_template(call.args[1], constants)
                assert template, f"{path}: which template line {call.lineno} draws can't be read"
                found.setdefault(template, set()).add(str(path.relative_to(ROOT)))
    return found


def dataclasses_of(path: Path) -> dict[str, ast.ClassDef]:
    """The frozen ones."""
    return {
        node.name: node
        for node in tree_of(path).body
        if isinstance(node, ast.ClassDef)
        and any(ast.unparse(each) == "dataclass(frozen=True)" for each in node.decorator_list)
    }


DRAWN = drawn()


def test_pages_were_found() -> None:
    pages = {"history/home.html", "order/order_detail.html", "system/error_page.html", "ledger/ledger.html"}

    assert {f"orders/{page}" for page in pages} <= set(DRAWN)


def test_a_template_of_ours_is_drawn_by_the_one_helper_alone() -> None:
    past_it = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path in MODULES
        if path.relative_to(ROOT) != HELPER
        for name, call in calls(path)
        if name in DRAWING and any(our_template(each, constants_of(path)) for each in call.args)
    ]
    # A view that names its template as an attribute is drawn by Django with whatever context it has.
    past_it += [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in MODULES
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ClassDef) and any("View" in ast.unparse(base) for base in node.bases)
        for each in node.body
        if isinstance(each, ast.Assign) and ast.unparse(each.targets[0]) == "template_name"
    ]

    assert past_it == []


def test_no_context_is_a_dictionary() -> None:
    loose = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path in MODULES
        for name, call in calls(path)
        if name == "render_page" and isinstance(call.args[2], ast.Dict)
    ]

    assert loose == []


@pytest.mark.parametrize("template", sorted(DRAWN))
def test_the_comment_at_its_head_names_the_dataclass(template: str) -> None:
    head = (TEMPLATES / template).read_text().partition("{% endcomment %}")[0]
    named = re.search(r"Context: (\w+), in (\S+\.py)\.$", head.strip())
    assert named, f"the head of {template} names no dataclass"
    name, place = named.groups()

    # It is that of the module which draws the page, or stands beside it.
    assert name in dataclasses_of(ROOT / place)
    assert {str(Path(each).parent) for each in DRAWN[template]} == {str(Path(place).parent)}


@pytest.mark.parametrize("template", sorted(DRAWN))
def test_every_field_of_it_has_a_type_and_a_use(template: str) -> None:
    """A field that neither the template nor what it includes asks for is left over."""
    head = (TEMPLATES / template).read_text().partition("{% endcomment %}")[0]
    found = re.search(r"Context: (\w+), in (\S+\.py)\.$", head.strip())
    assert found
    fields = {
        ast.unparse(each.target): ast.unparse(each.annotation)
        for each in dataclasses_of(ROOT / found[2])[found[1]].body
        if isinstance(each, ast.AnnAssign)
    }
    asked = words_of(template, set())

    assert [name for name, type_ in fields.items() if type_ == "Any"] == []
    assert [name for name in fields if name not in asked] == []


def words_of(template: str, seen: set[str]) -> set[str]:
    """All names within the tags of a template and of those that it includes."""
    if template in seen:
        return set()
    seen.add(template)
    text = re.sub(
        r"{% comment %}.*?{% endcomment %}", "", (TEMPLATES / template).read_text(), flags=re.DOTALL
    )
    tags = " ".join(re.findall(r"{[{%].*?[}%]}", text))
    within = re.findall(r'{% include "(orders/[^"]+\.html)"', text)
    return {*re.findall(r"\w+", tags)}.union(*(words_of(each, seen) for each in within))
