"""Documents that cannot rot: what they name exists, and what exists is named."""

import re
from pathlib import Path

import pytest

from orders.presentation.filtersets import FILTERSETS
from orders.presentation.filtersets.base import PageForm
from orders.upstreams import catalogue

ROOT = Path(__file__).parents[2]
DOCS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
GUIDE = (ROOT / "docs" / "adding-an-upstream.md").read_text()
# Places that come to be when somebody follows the guide.
TO_BE_MADE = "<name>"
OUR_FOLDERS = ("orders", "orders_portal", "tests", "docs", "templates", "static", "deploy", ".ci")
# What others bring along, or what comes to be when the portal runs or is translated; an address of ours.
OF_OTHERS = {
    *("bootstrap5.html", "django.po", "var/exports", "sbom.json", "deploy/env", "deploy/tls/"),
    "/api/v1/openapi.json",
}


def ours():
    """Every file and folder of ours."""
    in_root = [path for path in ROOT.iterdir() if path.is_file()]
    return [*in_root, *(path for folder in OUR_FOLDERS for path in (ROOT / folder).rglob("*"))]


OURS = [f"/{path.relative_to(ROOT).as_posix()}" for path in ours()]
FOLDERS = {path.name for path in ours() if path.is_dir()} | set(OUR_FOLDERS)


def paths_in(text):
    """What looks like a file or folder of ours, between back-ticks, by its whole path or the end of it."""
    found = set(re.findall(r"`([^`\s]+)`", text)) - OF_OTHERS
    named = {
        path.partition("::")[0].rstrip("/") for path in found if TO_BE_MADE not in path and "…" not in path
    }
    return sorted(filter(is_path, named))


def is_path(text):
    is_file = re.fullmatch(r"[\w./-]*[\w-]\.(?:py|html|css|js|svg|md|toml|txt|json|ya?ml|conf|service)", text)
    is_in_folder = re.fullmatch(r"\.?[\w-]+(?:/[\w.*-]+)+", text) and text.partition("/")[0] in FOLDERS
    return bool(is_file or is_in_folder)


def is_there(path):
    return bool(list(ROOT.glob(path))) or any(each.endswith(f"/{path}") for each in OURS)


@pytest.mark.parametrize("document", DOCS, ids=lambda path: path.name)
def test_every_file_that_a_document_names_is_there(document):
    assert [path for path in paths_in(document.read_text()) if not is_there(path)] == []


def test_a_file_that_is_gone_is_found_out_under_any_of_its_names():
    text = (
        "`orders/domain/gone.py` `gone.py` `domain/gone/` `orders/domain/` `queries.py` `domain/queries.py`"
    )

    assert [path for path in paths_in(text) if not is_there(path)] == [
        "domain/gone",
        "gone.py",
        "orders/domain/gone.py",
    ]


@pytest.mark.parametrize("document", DOCS, ids=lambda path: path.name)
def test_every_link_within_the_project_leads_somewhere(document):
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", document.read_text())

    assert [link for link in links if not (document.parent / link).exists()] == []


@pytest.mark.parametrize(
    "place",
    [
        "orders/upstreams/<name>/",
        "orders/presentation/filtersets/<name>.py",
        "orders/upstreams/catalogue.py",
        "orders_portal/settings.py",
        "orders/presentation/columns/",
        "orders/sandbox/",
        "tests/upstreams/",
        "README.md",
        "ADAPTERS",
        "MANIFEST",
        "settings",
        "requirements",
        "source",
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
    folder = ROOT / "tests" / "upstreams" / "third_upstream"
    proven = {tidy(line) for path in folder.rglob("*.py") for line in path.read_text().splitlines()}
    blocks = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)
    lines = [tidy(line) for block in blocks for line in block.splitlines()]

    unproven = [line for line in lines if line and line not in proven]
    assert len(blocks) == 2
    assert unproven == []


def tidy(line):
    return line.partition("  #")[0].partition(", #")[0].strip().rstrip(",")


def test_the_guide_stays_short():
    assert len(GUIDE.splitlines()) < 100


def settings_names():
    source = (ROOT / "orders_portal" / "settings.py").read_text()
    declared = {
        manifest.variable(setting.name)
        for manifest in catalogue.MANIFESTS.values()
        for setting in manifest.settings
    }
    return sorted({*re.findall(r'env\.\w+\(\s*"([A-Z0-9_]+)"', source), *declared})


README = (ROOT / "README.md").read_text()
EXPLAINED = README + "".join(
    (ROOT / path).read_text()
    for path in re.findall(r"\]\((docs/(?:sign-in|people-and-ledger)\.md)\)", README)
)


@pytest.mark.parametrize("name", settings_names())
def test_every_setting_is_explained_in_the_readme_or_where_it_leads(name):
    assert f"`{name}`" in EXPLAINED


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
    others = {
        "orders_portal/command_line.py",
        "orders_portal/wsgi.py",
        "orders/management/commands/rundemo.py",
        "orders/infrastructure/jobs/celery_worker.py",
        "orders/infrastructure/metrics.py",
        "orders_portal/server_hooks.py",
        # These only refuse in the words of the settings' reader.
        "orders_portal/file_storage.py",
        "orders_portal/service_urls.py",
        "orders_portal/setting_checks.py",
    }
    assert sorted(set(readers) - others) == ["orders_portal/settings.py"]


def test_every_parameter_of_a_history_is_known_under_one_name():
    own = {name.replace("_", "-") for name in PageForm.base_fields}
    for filterset in FILTERSETS.values():
        names = list(filterset.parameter_names().values())
        assert len(names) == len(set(names))
        assert not own & set(names)
