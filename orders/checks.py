"""System checks: an upstream that is configured by half is named before it fails in somebody's face."""

from typing import Any

from django.conf import settings
from django.core import checks

# Settings that make sense only together.
TOGETHER = {
    "adobe": (("client_id", "client_secret"),),
    "fabric": (("client_id", "client_secret", "token_url"),),
}


@checks.register()
def upstreams_are_configured_whole(**_: Any) -> list[checks.CheckMessage]:
    messages: list[checks.CheckMessage] = []
    for source, groups in TOGETHER.items():
        given = settings.UPSTREAMS[source]
        prefix = source.upper()
        for group in groups:
            missing = [name for name in group if not given[name]]
            # The token URL has a default for Adobe, so that it alone says nothing.
            if missing and any(given[name] for name in group[:2]):
                messages.append(
                    checks.Warning(
                        f"{source} is configured by half: also set "
                        + ", ".join(f"{prefix}_{name.upper()}" for name in missing),
                        id="orders.W001",
                    )
                )
        if source == "adobe" and given["access_token"] and not given["api_key"]:
            messages.append(checks.Warning("adobe has a token but no ADOBE_API_KEY", id="orders.W002"))
    return messages
