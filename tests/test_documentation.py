"""Documents that cannot rot: what they name exists, and what exists is named."""

import re
from pathlib import Path

import pytest

from orders.filtersets import FILTERSETS
from orders.filtersets.base import WindowForm

ROOT = Path(__file__).parent.parent
DOCS = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md")])
GUIDE = (ROOT / "docs" / "adding-an-upstream.md").read_text()
# Places that come to be when somebody follows the guide.
TO_BE_MADE = "<name>"


def paths_in(text):
    """What looks like a file or folder of ours, between back-ticks."""
    found = re.findall(r"`((?:orders|orders_portal|tests|docs|templates|static)/[^`\s]*)`", text)
    return sorted({path for path in found if TO_BE_MADE not in path and "…" not in path})


@pytest.mark.parametrize("document", DOCS, ids=lambda path: path.name)
def test_every_file_that_a_document_names_is_there(document):
    missing = [path for path in paths_in(document.read_text()) if not list(ROOT.glob(path.rstrip("/")))]

    assert missing == []


@pytest.mark.parametrize("document", DOCS, ids=lambda path: path.name)
def test_every_link_within_the_project_leads_somewhere(document):
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", document.read_text())

    assert [link for link in links if not (document.parent / link).exists()] == []


@pytest.mark.parametrize(
    "place",
    [
        "orders/upstreams/<name>/",
        "orders/filtersets/<name>.py",
        "orders/filtersets/__init__.py",
        "orders/upstreams/registry.py",
        "orders_portal/settings.py",
        "orders/checks.py",
        "orders/columns/",
        "orders/sandbox/",
        "tests/upstreams/",
        "README.md",
        "pyproject.toml",
        "FILTERSETS",
        "UPSTREAMS",
        "list_orders",
        "get_order",
        "check",
        "read_problem",
        "base_url",
        "access_token",
        "client_id",
        "client_secret",
        "token_url",
    ],
)
def test_the_guide_to_a_new_upstream_names_every_place(place):
    assert re.search(rf"`{re.escape(place)}[`(]", GUIDE)


def test_the_guides_code_is_that_of_the_proven_example():
    """Apart from comments and white space, every line of code stands in the example's files."""
    folder = ROOT / "tests" / "third_upstream"
    proven = {tidy(line) for path in folder.glob("*.py") for line in path.read_text().splitlines()}
    blocks = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)
    lines = [tidy(line) for block in blocks for line in block.splitlines()]

    # The test registers its entry under a name of its own.
    unproven = [line for line in lines if line and line not in proven | {'"parcels": Upstream(', "),"}]
    assert len(blocks) == 3
    assert unproven == []


def tidy(line):
    return line.partition("  #")[0].partition(", #")[0].strip().rstrip(",")


def test_the_guide_stays_short():
    assert len(GUIDE.splitlines()) < 100


def settings_names():
    source = (ROOT / "orders_portal" / "settings.py").read_text()
    return sorted(set(re.findall(r'env\.\w+\(\s*"([A-Z0-9_]+)"', source)))


@pytest.mark.parametrize("name", settings_names())
def test_every_setting_is_explained_in_the_readme_or_where_it_leads_for_sign_in(name):
    explained = (ROOT / "README.md").read_text() + (ROOT / "docs" / "sign-in.md").read_text()
    assert f"`{name}`" in explained


def test_the_settings_were_found():
    assert {"SECRET_KEY", "ADOBE_API_KEY", "FABRIC_TOKEN_URL", "UPSTREAM_DEADLINE"} <= set(settings_names())


def test_the_environment_is_read_in_the_settings_and_nowhere_else():
    readers = [
        str(path.relative_to(ROOT))
        for folder in ("orders", "orders_portal")
        for path in (ROOT / folder).rglob("*.py")
        if re.search(r"os\.environ|os\.getenv|from environs", path.read_text())
    ]

    # These pass it on or read what a library reads from it itself, as the one of the metrics does.
    others = {"orders_portal/wsgi.py", "orders/management/commands/rundemo.py", "orders/metrics.py"}
    assert sorted(set(readers) - others) == ["orders_portal/settings.py"]


def test_every_parameter_of_a_history_is_known_under_one_name():
    own = {name.replace("_", "-") for name in WindowForm.base_fields}
    for filterset in FILTERSETS.values():
        names = list(filterset.parameter_names().values())
        assert len(names) == len(set(names))
        assert not own & set(names)
