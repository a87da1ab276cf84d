"""The style guide in every skin: axe finds nothing, and nothing is wider than its box."""

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser import portal
from tests.browser.shared.test_accessibility import violations
from tests.browser.shared.test_narrow import overflowing
from tests.personas import person


def slowly(*values: str | int) -> list:
    """Cases that only `make prove` asks."""
    return [pytest.param(value, marks=pytest.mark.slow) for value in values]


@pytest.fixture
def guide(open_page: Any, site: str) -> Page:
    page: Page = open_page(signed_in=False)
    page.context.add_cookies([portal.session_cookie(person("ines", "administrator"), site)])
    return page


@pytest.mark.parametrize("skin", ["light", "dark", *slowly("contrast", "contrast-dark", "comfortable")])
def test_axe_finds_nothing_in_any_skin(guide, skin):
    guide.goto(f"/styleguide/?skin={skin}")

    assert violations(guide) == []


@pytest.mark.parametrize("width", [390, *slowly(768, 1024, 1366, 1440)])
def test_no_component_is_wider_than_its_box(guide, width):
    guide.set_viewport_size({"width": width, "height": 900})
    guide.goto("/styleguide/")

    assert overflowing(guide) == []
