"""Debian's Chromium, driven by Playwright: where it is found and how it is started."""

import shutil

from playwright.sync_api import Browser, Playwright

PATIENCE = 20_000  # milliseconds
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-sync",
    "--in-process-gpu",
    "--no-default-browser-check",
    "--no-first-run",
    "--no-pings",
)


# The first has no window of its own, and opens a page in a quarter of the time that the others take.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


def find() -> str:
    """The path of a Chromium on this machine, empty where there is none."""
    return next(filter(None, map(shutil.which, NAMES)), "")


def launch(playwright: Playwright, path: str) -> Browser:
    return playwright.chromium.launch(executable_path=path, args=list(FLAGS))
