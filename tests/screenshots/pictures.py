"""Which pictures there are: whose page each is, and what is done on it first."""

import time
from collections.abc import Callable

from playwright.sync_api import FilePayload, Page

from orders.sandbox import customers
from tests.screenshots.camera import PHONE, Camera, Picture

ADOBE = f"/adobe/customers/{customers.ADOBE_LARGE}/orders/"
FABRIC = f"/fabric/customers/{customers.FABRIC_MAIN}/orders/"
FAILED = f"{ADOBE}?view=failed"
RETRIES = f"{FABRIC}?attention=will-retry"
FIRST_READ = 25.0  # seconds that the workers take for most of them
READ_WITHIN = 120  # seconds for the workers to read the customers of all accounts, and to count

MAIL = "Hello, what about my order {}? Kind regards, R. Brooks"
IMPORT = """account,reseller_id,source,customer_id,manager
Harbour Design Ltd,5556667778,adobe,1000000137,manager
Larkspur Pottery,5556669000,adobe,1000002001,manager
Old Mill Press,,adobe,1000000019,supervisor
Larkspur Pottery,,adobe,1000002002,nobody
"""


def await_portfolio(camera: Camera) -> None:
    """Until the manager's customers are read, and what needs attention is counted over all of them."""
    time.sleep(FIRST_READ)  # who looks earlier is told for a minute what was counted by then
    page = camera.page_of(Picture("", "manager", "/portfolio/"))
    for _ in range(READ_WITHIN // 2):
        page.goto("/portfolio/")
        counted = page.locator("[data-attention-count]").get_attribute("data-attention-count") or "0"
        if page.get_by_text("39 of 40 customers were read").count() and int(counted) > 60:
            break
        page.wait_for_timeout(2000)
    page.close()


def open_first(page: Page) -> None:
    page.locator("tbody [data-order-id] a").first.click()
    page.locator("#summary").wait_for()


def first_order(page: Page) -> str:
    return page.locator("tbody [data-order-id]").first.get_attribute("data-order-id") or ""


def type_a_mail(page: Page) -> None:
    order = first_order(page)
    page.goto("/")
    page.locator("#lookup-text").fill(MAIL.format(order))


def look_up_many(page: Page) -> None:
    orders = page.locator("tbody [data-order-id]").evaluate_all(
        "rows => rows.slice(0, 4).map(row => row.dataset.orderId)"
    )
    page.goto("/")
    page.locator("#lookup-text").fill(" ".join([*orders, "1000000137", "4711471147"]))
    page.locator("#lookup button[type=submit]").click()
    page.wait_for_url("**/lookups/**")


def open_for_support(page: Page) -> None:
    open_first(page)
    page.goto(page.url)
    page.wait_for_load_state("networkidle")
    page.locator("details.raw > summary").first.click()
    page.locator(".support-text summary").first.click()
    page.locator("details.raw").first.scroll_into_view_if_needed()
    page.mouse.wheel(0, 2000)
    page.wait_for_timeout(300)


def preview_second(page: Page) -> None:
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Space")
    page.locator(".preview [data-preview-close]").wait_for()


def open_menu(words: str) -> Callable[[Page], None]:
    def act(page: Page) -> None:
        page.locator("main summary", has_text=words).first.click()

    return act


def make_a_file(page: Page) -> None:
    """By the worker, so that it has a page."""
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_url("**/exports/**")
    page.get_by_role("link", name="Download").first.wait_for(timeout=60_000)


def reveal(page: Page) -> None:
    open_first(page)
    page.locator("details.reveal > summary").click()
    page.locator("#reveal-reason").fill("Ticket 20418: the parcel came back")
    page.locator("details.reveal").scroll_into_view_if_needed()


def try_an_import(page: Page) -> None:
    file = FilePayload(name="accounts.csv", mimeType="text/csv", buffer=IMPORT.encode())
    page.locator("main input[type=file]").set_input_files(file)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**/account-imports/*/")


def begin_tour(page: Page) -> None:
    page.locator("main form button[type=submit]").click()
    page.locator("[data-tour]").wait_for()
    page.goto(ADOBE)


def share_a_view(page: Page) -> None:
    page.locator("main summary", has_text="Save view").click()
    page.locator("#view-name").fill("Given back or switched")
    page.locator("main form[action='/saved-views/'] button[type=submit]").click()
    page.goto("/saved-views/")
    page.locator("[name=shared_with]").select_option(label="supervisor")


ALL = [
    Picture("sign-in", "", "/accounts/login/"),
    Picture("look-up", "agent", RETRIES, type_a_mail),
    Picture("many", "agent", f"{ADOBE}?status=1004&status=1024", look_up_many),
    Picture("order", "agent", RETRIES, open_first),
    Picture("order-failed", "agent", FAILED, open_first),
    Picture("for-support", "agent", FAILED, open_for_support),
    Picture("history", "agent", ADOBE),
    Picture("history-fabric", "agent", FABRIC),
    Picture("history-dark", "agent", FABRIC, is_dark=True),
    Picture("filter", "agent", ADOBE, open_menu("Status")),
    Picture("preview", "agent", FABRIC, preview_second),
    Picture("customer", "agent", f"/adobe/customers/{customers.ADOBE_ORDINARY}/"),
    Picture("no-answer", "agent", f"/fabric/customers/{customers.FABRIC_UNAVAILABLE}/orders/"),
    Picture("settings", "agent", "/settings/"),
    Picture("order-phone", "agent", RETRIES, open_first, size=PHONE),
    Picture("order-de", "agent", RETRIES, open_first, language="de"),
    Picture("history-de", "agent", ADOBE, language="de"),
    Picture("portfolio", "manager", "/portfolio/"),
    Picture("account", "manager", "/portfolio/1/"),
    Picture("attention", "manager", "/attention/"),
    Picture("file-menu", "manager", FAILED, open_menu("Export")),
    Picture("file", "manager", "/portfolio/export/?account=1", make_a_file),
    Picture("schedules", "manager", "/schedules/"),
    Picture("attention-de", "manager", "/attention/", language="de"),
    Picture("reveal", "supervisor", RETRIES, reveal),
    Picture("views", "supervisor", f"{ADOBE}?view=returns", share_a_view),
    Picture("ledger", "supervisor", "/ledger/"),
    Picture("people", "admin", "/people/"),
    Picture("person", "admin", "/people/1/"),
    Picture("import", "admin", "/account-imports/", try_an_import),
    Picture("status", "admin", "/status/"),
    Picture("administration", "admin", "/admin/orders/account/"),
    # The last one: from here on the tour stands on pages.
    Picture("tour", "admin", "/help/tour/", begin_tour),
]
