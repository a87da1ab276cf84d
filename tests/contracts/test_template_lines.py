"""Templates are read by people: no line is longer than 120 characters, and a component says what it takes."""

import re
from pathlib import Path

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
LONGEST = 120


def test_no_line_of_a_template_is_too_long() -> None:
    files = sorted(TEMPLATES.rglob("*.html"))
    long = {
        f"{path.relative_to(TEMPLATES)}:{number}": len(line)
        for path in files
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if len(line) > LONGEST
    }

    assert len(files) > 50
    assert long == {}


# Drawn from what every page has: the request and its looks.
OF_EVERY_PAGE = {"orders/components/person_menu.html", "orders/components/htmx_config.json"}


def test_a_component_is_given_what_it_shows_and_nothing_else() -> None:
    lending = {
        f"{path.relative_to(TEMPLATES)}: {tag}"
        for path in TEMPLATES.rglob("*.html")
        for tag in re.findall(r"{% include [^%]*%}", path.read_text())
        if re.search(r'"(orders/components|account/snippets)/', tag) and " only %}" not in tag
        if not any(name in tag for name in OF_EVERY_PAGE)
    }

    assert lending == set()
