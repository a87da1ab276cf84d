"""The user guide is true where a test can see it: its pictures, and the addresses and words it names."""

import re
from pathlib import Path

import pytest
from django.urls import Resolver404, resolve

from tests.screenshots import pictures

ROOT = Path(__file__).parents[2]
GUIDE = sorted((ROOT / "docs" / "guide").glob("*.md"))
PICTURES = ROOT / "docs" / "screenshots"
NAMED = re.compile(r"!\[([^\]]*)\]\(([^)]+)\)")
LARGEST, LARGEST_TOGETHER = 200_000, 3_000_000  # bytes


def named_pictures() -> dict[Path, list[str]]:
    """By picture, how it is described wherever it stands."""
    found: dict[Path, list[str]] = {}
    for document in [*GUIDE, ROOT / "README.md"]:
        for description, link in NAMED.findall(document.read_text()):
            found.setdefault((document.parent / link).resolve(), []).append(description)
    return found


def test_every_picture_that_is_named_is_there_and_each_that_is_there_is_named() -> None:
    assert sorted(named_pictures()) == sorted(PICTURES.iterdir())


def test_every_picture_can_be_taken_anew() -> None:
    assert sorted(each.name for each in pictures.ALL) == sorted(path.stem for path in PICTURES.iterdir())


def test_every_picture_is_described() -> None:
    assert [path for path, words in named_pictures().items() if not all(words)] == []


def test_the_pictures_are_small() -> None:
    sizes = {path.name: path.stat().st_size for path in PICTURES.iterdir()}

    assert {name: size for name, size in sizes.items() if size > LARGEST} == {}
    assert sum(sizes.values()) < LARGEST_TOGETHER


@pytest.mark.parametrize("document", GUIDE, ids=lambda path: path.name)
def test_every_address_that_the_guide_names_leads_to_a_page(document: Path) -> None:
    addresses = re.findall(r"`(/[^`\s]*/)`", document.read_text())

    assert [address for address in addresses if not leads_somewhere(address)] == []


def leads_somewhere(address: str) -> bool:
    try:
        return resolve(address).url_name not in {None, ""}
    except Resolver404:
        return False


def test_an_address_that_leads_nowhere_is_found_out() -> None:
    assert [leads_somewhere(each) for each in ("/attention/", "/attentions/", "/admin/orders/account/")] == [
        True,
        False,
        True,
    ]


@pytest.mark.parametrize("document", GUIDE, ids=lambda path: path.name)
def test_every_part_of_the_guide_is_named_by_its_index(document: Path) -> None:
    index = (ROOT / "docs" / "guide" / "README.md").read_text()

    assert document.name == "README.md" or f"({document.name})" in index
