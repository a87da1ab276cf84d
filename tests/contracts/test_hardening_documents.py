"""The documents name what there is."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def named_in(line: str) -> list[Path]:
    """The tests that a line names; one without a folder lies in that of the one before it."""
    folder, named = ROOT, []
    for name in re.findall(r"`(tests/[^`]*|test_[^`]*)`", line):
        path = ROOT / name if name.startswith("tests/") else folder / name
        folder = path.parent
        named.append(path)
    return named


def has_tests(path: Path) -> bool:
    """Whether there is such a file, or folder, and pytest would find a test in it."""
    files = [path] if path.is_file() else sorted(path.rglob("test_*.py"))
    return any(re.search(r"^ *(?:async )?def test_", file.read_text(), re.MULTILINE) for file in files)


PROMISES = [
    line.split("|")[1:3]
    for line in (ROOT / "docs/threat-model.md").read_text().partition("## What we promise")[2].splitlines()
    if line.startswith("| ") and not line.startswith("| promise")
]


@pytest.mark.parametrize(("promise", "tests"), PROMISES, ids=[each[0].strip()[:40] for each in PROMISES])
def test_every_promise_of_the_threat_model_names_tests_that_are_there(promise: str, tests: str) -> None:
    named = named_in(tests)

    assert named
    assert [str(path.relative_to(ROOT)) for path in named if not has_tests(path)] == []


def test_a_promise_whose_test_is_gone_is_found_out() -> None:
    line = "`tests/ledger`, `tests/domain/test_gone.py`, `test_masking.py`, `tests/contracts/clock`"

    assert [path.name for path in named_in(line) if not has_tests(path)] == ["test_gone.py", "clock"]
    assert len(PROMISES) > 25


def test_every_setting_of_the_sign_in_is_explained_and_exists():
    settings = (ROOT / "orders_portal/settings.py").read_text()
    read = set(
        re.findall(
            r'"((?:MFA|SESSION|SSO|OIDC|SAML|METRICS|LOG|TRUSTED|EMAIL|DEFAULT_FROM|TOKEN_MAX)_[A-Z_]+)"',
            settings,
        )
    )
    read -= {"METRICS_TOKEN_FILE"}  # where it stands, and not another one
    table = (ROOT / "docs/sign-in.md").read_text().partition("## OpenID")[0]
    explained = set(re.findall(r"`([A-Z]+_[A-Z_]+)`", table)) - {
        "NAME_FILE",
        "CACHE_URL",
        "PROMETHEUS_MULTIPROC_DIR",
    }

    assert read == explained
