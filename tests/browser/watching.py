"""What must never happen in any browser test: foreign requests, policy violations, script errors."""

from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, WebError

# Runs before any script of a page; the console tells the test, as it also does where scripts are off.
REPORT_VIOLATIONS = """
addEventListener("securitypolicyviolation", (event) =>
  console.error("Content Security Policy violation: " + event.violatedDirective + " " + event.blockedURI));
"""


class Watch:
    """Listens to every page of a context and remembers what is wrong."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        self.host = urlsplit(url).netloc
        self.wrongs: list[str] = []
        self.requests: list[str] = []
        context.add_init_script(REPORT_VIOLATIONS)
        context.on("request", self._request)
        context.on("console", self._console)
        context.on("weberror", self._error)

    def _request(self, request: Request) -> None:
        self.requests.append(request.url)
        parts = urlsplit(request.url)
        if parts.scheme != "data" and parts.netloc != self.host:
            self.wrongs.append(f"a request to another host: {request.url}")

    def _console(self, message: ConsoleMessage) -> None:
        # A page with status 404 or 502 is an "error" to the console too, and no wrong.
        if "Content Security Policy" in message.text:
            self.wrongs.append(message.text)

    def _error(self, error: WebError) -> None:
        self.wrongs.append(f"an error in a script: {error.error}")
