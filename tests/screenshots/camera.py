"""Takes a picture of a page as somebody of a role sees it, and keeps it small."""

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page

WIDE = (1440, 900)
PHONE = (390, 844)
COLOURS = 192


def stay(page: Page) -> None:
    """What is done on most pages before the picture."""


@dataclass(frozen=True)
class Picture:
    """`who` is a user name of the demo; `prepare` acts on the page before the picture."""

    name: str
    who: str
    address: str
    prepare: Callable[[Page], None] = stay
    size: tuple[int, int] = WIDE
    is_dark: bool = False
    language: str = ""


class Camera:
    """Signs each person in once for each way of looking."""

    def __init__(self, browser: Browser, url: str, passwords: Mapping[str, str], folder: Path) -> None:
        self._browser, self._url, self._passwords, self._folder = browser, url, passwords, folder
        self._contexts: dict[tuple[Any, ...], BrowserContext] = {}
        folder.mkdir(parents=True, exist_ok=True)

    def take(self, picture: Picture) -> int:
        """How many bytes it has."""
        page = self.page_of(picture)
        page.goto(picture.address)
        page.wait_for_load_state("networkidle")  # what a page loads after itself is there
        picture.prepare(page)
        page.wait_for_load_state("networkidle")
        # Nothing blinks, and no pointer lies on anything.
        page.mouse.move(0, picture.size[1] - 1)
        taken = Image.open(io.BytesIO(page.screenshot(animations="disabled", caret="hide")))
        small = taken.convert("RGB").quantize(
            COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE
        )
        path = self._folder / f"{picture.name}.png"
        small.save(path, optimize=True)
        page.close()
        return path.stat().st_size

    def page_of(self, picture: Picture) -> Page:
        key = (picture.who, picture.size, picture.is_dark, picture.language)
        if key not in self._contexts:
            self._contexts[key] = self._signed_in(picture)
        return self._contexts[key].new_page()

    def _signed_in(self, picture: Picture) -> BrowserContext:
        width, height = picture.size
        context = self._browser.new_context(
            base_url=self._url,
            viewport={"width": width, "height": height},
            color_scheme="dark" if picture.is_dark else "light",
            reduced_motion="reduce",
        )
        context.set_default_timeout(15_000)
        if picture.who:
            page = context.new_page()
            page.goto("/accounts/login/")
            page.locator("[name=login]").fill(picture.who)
            page.locator("[name=password]").fill(self._passwords[picture.who])
            page.locator("[name=password]").press("Enter")
            page.locator(".me").wait_for()
            page.goto("/")
            if (end := page.get_by_role("button", name="End the tour")).count():
                end.click()
            page.goto("/settings/")
            page.locator("[name=language]").select_option(picture.language or "en-gb")
            page.locator("main form button[type=submit]").first.click()
            page.wait_for_load_state()
            page.close()
        return context
