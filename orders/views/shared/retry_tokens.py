"""The correlation ID of a call that got no answer, carried by a retry link: signed, short-lived, used once.

Adobe replays the stored answer for a used correlation ID, so a second use would show old orders as new.
"""

import uuid

from django.core.cache import cache
from django.core.signing import BadSignature, TimestampSigner

from orders.views.shared.query_strings import clean_query
from orders.views.shared.requests import PortalRequest

LIFETIME = 600  # seconds


def issue(request: PortalRequest, correlation_id: str) -> str:
    """A token for this person and this page; worthless anywhere else."""
    return _signer(request).sign(f"{correlation_id}.{uuid.uuid4().hex}")


def redeem(request: PortalRequest) -> str:
    """The correlation ID to use again, or empty: no token, a forged, foreign, old or used one."""
    token = request.GET.get("retry", "")
    if not token:
        return ""
    try:
        correlation_id, _, nonce = _signer(request).unsign(token, max_age=LIFETIME).rpartition(".")
    except BadSignature:
        return ""
    try:
        is_first_use = cache.add(f"retry-token:{nonce}", "used", LIFETIME)
    except Exception:
        return ""
    return correlation_id if is_first_use else ""


def _signer(request: PortalRequest) -> TimestampSigner:
    query = clean_query(request.GET).urlencode()
    return TimestampSigner(salt=f"retry:{request.user.pk}:{request.path}:{query}")
