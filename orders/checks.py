"""System checks: an upstream that is configured by half is named before it fails in somebody's face."""

from typing import Any

from django.conf import settings
from django.core import checks

# What client credentials take. Adobe's token URL has a default, so that it alone says nothing.
CLIENT_CREDENTIALS = {
    "adobe": ("client_id", "client_secret"),
    "fabric": ("client_id", "client_secret", "token_url"),
}


@checks.register()
def upstreams_are_configured_whole(**_: Any) -> list[checks.CheckMessage]:
    messages: list[checks.CheckMessage] = []
    for source, names in CLIENT_CREDENTIALS.items():
        given = settings.UPSTREAMS[source]
        missing = [f"{source.upper()}_{name.upper()}" for name in names if not given[name]]
        if 0 < len(missing) < len(names):
            messages.append(
                checks.Warning(
                    f"{source} is configured by half: also set {', '.join(missing)}", id="orders.W001"
                )
            )
    adobe = settings.UPSTREAMS["adobe"]
    if adobe["access_token"] and not (adobe["api_key"] or adobe["client_id"]):
        messages.append(checks.Warning("adobe has a token but no ADOBE_API_KEY", id="orders.W002"))
    if adobe["api_key"] and not any(adobe[name] for name in ("access_token", "client_id", "client_secret")):
        messages.append(
            checks.Warning(
                "adobe has an API key but no token: also set ADOBE_ACCESS_TOKEN, or ADOBE_CLIENT_ID and "
                "ADOBE_CLIENT_SECRET",
                id="orders.W003",
            )
        )
    return messages
