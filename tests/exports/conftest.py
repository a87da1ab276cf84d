"""Every test has a directory of its own for files, and its person may export everybody's orders."""

from pathlib import Path
from typing import Any

import pytest

from tests.exports.results import exporter


@pytest.fixture(autouse=True)
def export_dir(settings: Any, tmp_path: Path) -> Path:
    settings.EXPORT_DIR = tmp_path / "exports"
    directory: Path = settings.EXPORT_DIR
    return directory


@pytest.fixture
def agent(db: None) -> Any:
    """Whoever is signed in here is allowed to export."""
    return exporter()
