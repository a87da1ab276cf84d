"""How an upstream is, in one line, as the first page and the status page say it."""

from django.utils.translation import gettext

from orders import services
from orders.presentation.texts.plain_words import CAUSES, word_of


def upstream_line(state: services.UpstreamState) -> dict[str, str]:
    """Name, tone, word and detail."""
    health = state.health
    if not state.is_configured:
        tone, word, detail = (
            "off",
            gettext("Not configured"),
            gettext("An administrator can set its credentials."),
        )
    elif health.is_open:
        tone, word = "bad", gettext("Failing")
        since = health.failing_since
        detail = gettext("since %(time)s UTC") % {"time": f"{since:%H:%M:%S}"} if since else ""
    elif health.last_success is None and health.last_failure is None:
        tone, word, detail = "off", gettext("Not asked yet"), ""
    elif health.last_failure is not None and (
        health.last_success is None or health.last_failure > health.last_success
    ):
        tone, word = "wait", gettext("Failed last time")
        detail = f"{health.last_failure:%H:%M:%S} UTC, {word_of(CAUSES, health.last_cause)}"
    else:
        tone, word = "good", gettext("Answering")
        detail = f"{health.last_success:%H:%M:%S} UTC" if health.last_success else ""
    return {"name": state.name, "label": state.label, "tone": tone, "word": word, "detail": detail}
