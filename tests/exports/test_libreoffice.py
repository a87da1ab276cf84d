"""A spreadsheet program opens our files: zeros, long numbers, umlauts and formulas survive as text."""

import csv
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from orders.sandbox import SandboxServer
from tests.exports.results import CUSTOMER, export_now, order, read

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300), pytest.mark.django_db]

REFERENCES = [
    "0042",
    "123456789012345678",
    "Müller & Söhne – Straße 5",
    '=HYPERLINK("http://evil.example")',
    "+49 30 1234",
    "@SUM(A1)",
    "1E5",
    "2026-01-31",
    "two\nlines",
    'said "no", left',
]
# What stands in the file: texts that a spreadsheet would run carry a mark that shows.
SHOWN = [f"'{text}" if text[0] in "=+@" else text for text in REFERENCES]

# Separator, double quote, UTF-8, from line 1; every column is text (2), as a person ticks in the dialogue.
AS_TEXT = "CSV:{},34,76,1," + "/".join(f"{column}/2" for column in range(1, 40))
PLAIN = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false"


@pytest.fixture
def soffice() -> str:
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice is not installed (Debian: apt-get install libreoffice-calc)")
    return program


def reopened(soffice: str, path: Path, *options: str) -> list[dict[str, str]]:
    """The rows as LibreOffice understood them, written out as it shows them."""
    out = path.parent / "out"
    subprocess.run(
        [
            *(soffice, f"-env:UserInstallation=file://{path.parent}/profile", "--headless"),
            *(*options, "--convert-to", PLAIN, "--outdir", str(out), str(path)),
        ],
        check=True,
        capture_output=True,
        timeout=200,
    )
    with (out / f"{path.stem}.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    "wanted", [{"format": "xlsx"}, {}, {"dialect": "excel"}, {"dialect": "excel-semicolon"}]
)
def test_texts_survive_in_libreoffice(upstreams: SandboxServer, tmp_path: Path, soffice: str, wanted: Any):
    upstreams.forget_added_orders()
    upstreams.add_adobe_orders(
        CUSTOMER,
        [order(number, externalReferenceId=text) for number, text in enumerate(REFERENCES)],
    )
    kind = wanted.get("format", "csv")
    path = tmp_path / f"orders.{kind}"
    path.write_bytes(read(export_now(**wanted)))

    separator = ord(";" if wanted.get("dialect") == "excel-semicolon" else ",")
    rows = reopened(soffice, path, *([] if kind == "xlsx" else [f"--infilter={AS_TEXT.format(separator)}"]))

    assert [row["externalReferenceId"] for row in rows] == SHOWN
    assert [row["orderId"] for row in rows] == [f"{number:010}" for number in range(len(REFERENCES))]
    assert {row["totalQuantity"] for row in rows} == {"2", "4"}
