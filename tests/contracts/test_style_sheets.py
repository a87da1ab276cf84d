"""Style sheets: each is one layer, so that a rule has its rank by its place; a line holds one declaration."""

import re
from pathlib import Path

import pytest

FOLDER = Path("static/orders")
SHEETS = sorted(path for path in FOLDER.glob("*.css") if path.name != "layers.css")
LINKED = Path("templates/orders/components/style_sheets.html")


def without_comments(sheet: str) -> str:
    return re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL).strip()


def layers() -> list[str]:
    listed = re.search(r"^@layer ([\w, ]+);$", (FOLDER / "layers.css").read_text(), re.MULTILINE)
    assert listed
    return listed[1].split(", ")


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.stem)
def test_a_sheet_stands_in_one_layer(path: Path) -> None:
    sheet = without_comments(path.read_text())
    opened = re.match(r"@layer ([\w-]+) \{", sheet)

    assert opened, "it begins with its layer"
    assert opened[1] in layers()
    inside = sheet[opened.end() - 1 :]
    while (shorter := re.sub(r"\{[^{}]*\}", "", inside)) != inside:
        inside = shorter
    assert inside.strip() == "", "nothing stands outside of it"


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.stem)
def test_a_line_holds_one_declaration_or_selector(path: Path) -> None:
    crowded = [
        line
        for line in path.read_text().splitlines()
        if re.search(r";\s*\S|\{\s*\S|\}\s*\S", line.split("/*")[0])
    ]

    assert crowded == []


def test_the_layers_come_before_all_that_stands_in_them() -> None:
    linked = re.findall(r"rel=\"stylesheet\" href=\"\{% static '([^']+)' %\}", LINKED.read_text())

    assert linked[0] == "orders/layers.css"
    assert all((FOLDER.parent / name).is_file() for name in linked)


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.stem)
def test_nothing_is_locked_to_an_orientation(path: Path) -> None:
    assert "orientation" not in path.read_text()
