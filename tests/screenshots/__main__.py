"""`make screenshots`: the pictures of the guide, taken anew from a demo that is started for it.

    python -m tests.screenshots [NAME …]

Without names all of them are taken. The demo has a database of its own, and its clock begins at a fixed
instant, so that the pictures change where the pages do.
"""

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser import chromium
from tests.contracts import demo_process
from tests.demo import Demo, running_demo
from tests.processes import ROOT, without_ours
from tests.screenshots import pictures
from tests.screenshots.camera import Camera, Picture

FOLDER = ROOT / "docs" / "screenshots"


def main(names: list[str]) -> None:
    if unknown := set(names) - {each.name for each in pictures.ALL}:
        sys.exit(f"No picture is called {', '.join(sorted(unknown))}.")
    if not chromium.find():
        sys.exit("No Chromium here; `sh .ci/browser` installs one where it may.")
    with demo() as started:
        take(started, [each for each in pictures.ALL if not names or each.name in names])


@contextmanager
def demo() -> Iterator[Demo]:
    with tempfile.TemporaryDirectory(prefix="orders-portal-pictures-") as directory:
        environment = {
            **without_ours(os.environ),
            "PYTHONPATH": f"{demo_process.CLOCK}{os.pathsep}{ROOT}",
            "PYTHONDONTWRITEBYTECODE": "1",
            "FROZEN_AT": demo_process.FROZEN_AT,
            "CLOCK_BEGAN": str(time.time()),
            "DATABASE_URL": f"sqlite:///{directory}/portal.sqlite3",
            "EXPORT_DIR": f"{directory}/exports",
        }
        with running_demo(ROOT, Path(directory), environment) as started:
            yield started


def take(started: Demo, wanted: list[Picture]) -> None:
    with sync_playwright() as playwright:
        browser = chromium.launch(playwright, chromium.find())
        camera = Camera(browser, started.url, started.passwords(), FOLDER)
        pictures.await_portfolio(camera)
        for each in wanted:
            print(f"{each.name:<24} {camera.take(each) / 1000:.0f} kB")  # noqa: T201
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
