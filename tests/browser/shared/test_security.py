"""In the browser: no foreign request, no inline code, nothing that the content policy has to stop."""

from playwright.sync_api import expect

from tests.browser.portal import adobe, sign_out, tour
from tests.browser.watching import Watch


def test_no_page_breaks_the_content_policy_or_asks_another_host(page, site):
    """Every other browser test checks the same when it ends."""
    watch = Watch(page.context, site)
    policies = []
    page.on(
        "response",
        lambda response: (
            policies.append(response.headers.get("content-security-policy", ""))
            if response.request.is_navigation_request()
            else None
        ),
    )
    visited = 0
    for _ in tour(page):
        visited += 1
        # Markup that an upstream sent stays text.
        expect(page.locator("main").locator("script, img, iframe, [onerror], [onload]")).to_have_count(0)

    assert watch.wrongs == []
    assert len(policies) >= visited > 10
    assert all("default-src 'none'" in policy and "unsafe" not in policy for policy in policies)


def test_the_watch_would_see_a_foreign_picture_and_an_inline_script(browser, site):
    with browser.new_context(base_url=site) as context:
        watch = Watch(context, site)
        page = context.new_page()
        page.goto("/accounts/login/")
        page.evaluate(
            """() => {
              const picture = Object.assign(new Image(), { src: "http://portal.invalid/spy.png" });
              const script = Object.assign(document.createElement("script"), { text: "window.ran = 1" });
              document.body.append(picture, script);
              setTimeout(() => { throw new Error("a fault of ours"); });
            }"""
        )
        page.wait_for_timeout(200)
        assert page.evaluate("window.ran") is None

    said = " ".join(watch.wrongs)
    assert "img-src" in said
    assert "script-src" in said
    assert "a fault of ours" in said


def test_the_back_button_shows_nothing_after_signing_out(page):
    page.goto(adobe())
    sign_out(page)
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()

    page.go_back()

    expect(page.get_by_role("table")).to_have_count(0)
