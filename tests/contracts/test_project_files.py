"""What those who join rely on: one set of checks, one version, lock files that hold what is asked for."""

import os
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from orders_portal import __version__

ROOT = Path(__file__).parent.parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
EXTRAS = PROJECT["project"]["optional-dependencies"]
GROUPS = PROJECT["dependency-groups"]
OWN = PROJECT["project"]["dependencies"]
MOST_LINES = 400


def commands_of(target, *variables):
    """What make would run for a target whose prerequisites are met."""
    told = subprocess.run(
        ["make", "--always-make", "--dry-run", "--no-print-directory", target, *variables],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        env={"PATH": os.environ["PATH"]},
    ).stdout.replace("\\\n", " ")
    return [re.sub(r"\s+", " ", line) for line in told.splitlines() if "pip install" not in line]


def test_a_commit_is_checked_by_the_commands_of_make_lint():
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"][0]["hooks"]
    lint = [line for line in commands_of("lint") if line.startswith((".venv/bin/", "sh .ci/"))]

    assert len(lint) == 7
    assert [hook["entry"] for hook in hooks] == lint


def test_ci_runs_what_make_check_runs_and_that_is_lint_and_test():
    script = (ROOT / ".ci" / "run").read_text()
    check = commands_of("check")

    assert script.splitlines()[-1] == 'make check PYTHON="$(sh .ci/python)"'
    for target in ("lint", "test"):
        assert [line for line in commands_of(target) if line not in check] == []


def test_ci_finds_a_python_that_can_make_an_environment():
    found = subprocess.run(
        ["sh", ".ci/python"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.strip()
    told = subprocess.run(
        [found, "-c", "import sys, venv; print(sys.version_info >= (3, 11))"],
        capture_output=True,
        text=True,
        check=True,
    )

    assert told.stdout == "True\n"


def test_a_whole_run_has_a_floor_of_reached_lines_and_a_part_has_none():
    (whole,) = (line for line in commands_of("test") if "-m pytest" in line)
    (part,) = (line for line in commands_of("test", "ARGS=tests/domain") if "-m pytest" in line)

    assert "--cov-fail-under=95" in whole
    assert "--cov" not in part
    assert "tests/domain" in part


def test_the_newest_entry_of_the_changelog_is_the_version():
    entries = re.findall(
        r"^## \[(\d+\.\d+\.\d+)\] - \d{4}-\d\d-\d\d$", (ROOT / "CHANGELOG.md").read_text(), re.M
    )

    assert entries[0] == __version__
    assert PROJECT["project"]["dynamic"] == ["version"]
    minor = __version__.rpartition(".")[0]
    assert f"the newest minor version ({minor})" in (ROOT / "SECURITY.md").read_text()


@pytest.mark.parametrize(
    ("file", "asked_for"),
    [
        ("requirements.txt", OWN),
        *[(f"requirements-{extra}.txt", [*OWN, *wanted]) for extra, wanted in EXTRAS.items()],
        ("requirements-dev.txt", [*OWN, *GROUPS["dev"]]),
        ("requirements-audit.txt", GROUPS["audit"]),
    ],
)
def test_a_lock_file_pins_what_is_asked_for_with_hashes(file, asked_for):
    text = (ROOT / file).read_text()
    pins = re.findall(r"^([\w.-]+)==([^\s;]+)", text, re.M)  # one for each Python, where they differ
    wanted = [Requirement(line) for line in asked_for]
    loose = []
    for each in wanted:
        versions = [version for name, version in pins if name == canonicalize_name(each.name)]
        if not versions or not all(map(each.specifier.contains, versions)):
            loose.append(str(each))

    assert loose == []
    assert len(re.findall(r"^[\w.-]+==[^\n]*\\\n    --hash=sha256:", text, re.M)) == len(pins)


def test_the_list_of_parts_says_which_version_of_the_portal_it_is_of(tmp_path):
    made = tmp_path / "pyproject.toml"

    subprocess.run(["make", "-s", f"AUDIT={tmp_path}", str(made)], cwd=ROOT, check=True, timeout=60)

    project = tomllib.loads(made.read_text())["project"]
    assert (project["name"], project["version"]) == ("orders-portal", __version__)


@pytest.mark.parametrize(
    ("said", "status", "expected", "words"),
    [
        ("No known vulnerabilities found", 0, 0, "No known vulnerabilities found"),
        ("Found 2 known vulnerabilities in 1 package", 1, 1, "Found 2 known"),
        ("ERROR: Dependency not found on PyPI and could not be audited", 1, 2, "NOT AUDITED"),
        ("", 1, 2, "NOT AUDITED"),
    ],
)
def test_an_audit_that_could_not_ask_is_never_taken_for_a_good_one(tmp_path, said, status, expected, words):
    feed = tmp_path / "pip-audit"
    feed.write_text(f"#!/bin/sh\necho '{said}'\necho \"$@\" > {tmp_path}/asked\nexit {status}\n")
    feed.chmod(0o755)

    done = subprocess.run(
        ["sh", ".ci/audit", str(feed), "one.txt", "two.txt"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == expected
    assert words in done.stdout + done.stderr
    assert "-r one.txt -r two.txt --strict" in re.sub(r"\s+", " ", rearranged(tmp_path / "asked"))


def rearranged(asked):
    """The files first, then the options: their order says nothing."""
    words = asked.read_text().split()
    files = [word for word in words if word == "-r" or word.endswith(".txt")]
    return " ".join([*files, *(word for word in words if word not in files)])


def test_no_file_that_people_write_is_too_long_to_know():
    written = [
        path
        for folder in ("orders", "orders_portal", "templates", "static/orders")
        for path in sorted((ROOT / folder).rglob("*"))
        if path.suffix in {".py", ".html", ".css", ".js"}
    ]
    lines = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in written}

    assert len(lines) > 500
    assert {path: count for path, count in lines.items() if count > MOST_LINES} == {}
