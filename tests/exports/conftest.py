"""Every test has a directory of its own for files."""

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def export_dir(settings: Any, tmp_path: Path) -> Path:
    settings.EXPORT_DIR = tmp_path / "exports"
    directory: Path = settings.EXPORT_DIR
    return directory
