"""System checks: an upstream that is configured by half is named before it fails in somebody's face."""

from typing import Any

from django.conf import settings
from django.core import checks

from orders.upstreams import catalogue


@checks.register()
def upstreams_are_configured_whole(**_: Any) -> list[checks.CheckMessage]:
    return [message for source in catalogue.names() for message in missing_settings(source)]


def missing_settings(source: str) -> list[checks.CheckMessage]:
    """What an upstream still lacks that has some of its settings; empty for one that has none."""
    manifest, given = catalogue.MANIFESTS[source], settings.UPSTREAMS[source]
    messages: list[checks.CheckMessage] = []
    needed = manifest.client_credentials
    missing = [manifest.variable(name) for name in needed if not given[name]]
    if 0 < len(missing) < len(needed):
        messages.append(
            checks.Warning(f"{source} is configured by half: also set {', '.join(missing)}", id="orders.W001")
        )
    return messages + [
        checks.Warning(each.said, id=each.check_id)
        for each in manifest.requirements
        if given[each.having] and not any(given[name] for name in each.one_of)
    ]
