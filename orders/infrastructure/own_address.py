"""The portal's own address, for mails and other messages that leave it without a request."""

from django.conf import settings
from django.urls import get_script_prefix


def own_address(path: str) -> str:
    """With `PORTAL_URL` before a path of ours; where it isn't set, the path alone.

    `PORTAL_URL` has the prefix that a proxy may put before our paths.
    """
    base: str = settings.PORTAL_URL
    if not base:
        return path
    return base.rstrip("/") + "/" + path.removeprefix(get_script_prefix())
