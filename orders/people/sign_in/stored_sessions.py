"""Django's sessions in the database, found by a query that is written once. Every page asks for one."""

from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from orders.infrastructure.prepared_queries import Prepared

_DATA = Prepared(
    lambda key, now: Session.objects.filter(session_key=key, expire_date__gt=now).values_list("session_data")
)


class SessionStore(DatabaseSessionStore):
    def load(self) -> dict[str, Any]:
        found = _DATA.column(self.session_key or "", timezone.now())
        if not found:
            self._session_key = None
            return {}
        decoded: dict[str, Any] = self.decode(found[0])
        return decoded
