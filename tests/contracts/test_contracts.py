"""Two versions that differ in one thing: their recordings differ in that, and in nothing else."""

import re
import shutil
from pathlib import Path

import pytest

from tests.contracts.__main__ import HERE, print_differences
from tests.contracts.addresses import SMALL_ADOBE
from tests.contracts.demo_process import demo_process
from tests.contracts.walk import record

NEEDED = ("manage.py", "orders", "orders_portal", "static", "templates")
NOWHERE = "1000000404"  # a customer that the sandbox does not know


def other_version(directory: Path) -> Path:
    """A copy of this checkout, in which the heading of one page reads otherwise."""
    for name in NEEDED:
        source = HERE / name
        copy = shutil.copytree if source.is_dir() else shutil.copy2
        copy(source, directory / name)
    planted = 0
    for template in (directory / "templates").rglob("*.html"):
        text, found = re.subn(r"(<h1>.*)My exports(.*</h1>)", r"\1Their exports\2", template.read_text())
        planted += found
        template.write_text(text)
    assert planted == 1
    return directory


@pytest.mark.timeout(300)
def test_a_planted_difference_is_reported_and_nothing_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "other").mkdir()
    for name, checkout in (("before", HERE), ("after", other_version(tmp_path / "other"))):
        with demo_process(checkout) as demo:
            record(demo, tmp_path / name, only=[SMALL_ADOBE, NOWHERE])

    asked = {str(path.relative_to(tmp_path / "before")) for path in (tmp_path / "before").rglob("*.txt")}
    assert f"agent/adobe/customers/{NOWHERE}/orders/GET.txt" in asked
    assert f"admin/adobe/customers/{SMALL_ADOBE}/orders/export/GET?start-date=2000-01-01.txt" in asked
    assert print_differences(tmp_path / "before", tmp_path / "after") == 1
    *lines, said = capsys.readouterr().out.splitlines()
    changed = [line for line in lines if line.startswith(("-", "+"))]
    assert changed == [
        line
        for who in ("admin", "agent", "manager", "supervisor")
        for line in (
            f"--- {who}/exports/GET.txt",
            f"+++ {who}/exports/GET.txt",
            "-h1: My exports",
            "+h1: Their exports",
        )
    ]
    assert said == "4 addresses differ"


def test_an_address_of_one_version_alone_is_reported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, addresses in (
        ("before", ("agent/a.txt", "agent/b.txt")),
        ("after", ("agent/b.txt", "agent/c.txt")),
    ):
        for address in addresses:
            (tmp_path / name / "agent").mkdir(parents=True, exist_ok=True)
            (tmp_path / name / address).write_text("status: 200\n")

    assert print_differences(tmp_path / "before", tmp_path / "after") == 1
    assert capsys.readouterr().out.splitlines() == [
        "only before: agent/a.txt",
        "only after: agent/c.txt",
        "2 addresses differ",
    ]
    assert print_differences(tmp_path / "before", tmp_path / "before") == 0
    assert capsys.readouterr().out == "no difference\n"


def test_a_change_that_many_addresses_have_can_be_told_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, word in (("before", "old"), ("after", "new")):
        for address in ("a", "b", "c"):
            (tmp_path / name).mkdir(exist_ok=True)
            own = word if address == "c" else "same"
            (tmp_path / name / f"{address}.txt").write_text(f"h1: {word}\np: {address}\np: {own}\n")

    assert print_differences(tmp_path / "before", tmp_path / "after", each_change_once=True) == 1
    assert capsys.readouterr().out.splitlines() == [
        "3 × as in a.txt",
        "-h1: old",
        "+h1: new",
        "1 × as in c.txt",
        "-p: old",
        "+p: new",
        "3 addresses differ",
    ]
