"""What axe finds on a page as it stands."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

Rules = dict[str, Any]

LEVELS: Rules = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
GOOD_PRACTICE: Rules = {"type": "tag", "values": [*LEVELS["values"], "best-practice"]}
COLOURS: Rules = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}

# The rest of what axe says is long, and nobody reads it.
RUN = "async ([context, options]) => (await axe.run(context || document, options)).violations"


def look(page: Page, rules: Rules = LEVELS, context: str | None = None) -> list[str]:
    """Rule, place and why."""
    # To read a sheet that imports another one, axe would put it into the page, which our policy forbids. The
    # one rule that reads sheets looks for a locked orientation: `test_style_sheets` does that.
    options = {"runOnly": rules, "resultTypes": ["violations"], "preload": False}
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    return [
        f"{violation['id']}: {node['html'][:160]} {node['failureSummary']}"
        for violation in page.evaluate(RUN, [context, options])
        for node in violation["nodes"]
    ]
