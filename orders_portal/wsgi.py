"""What gunicorn serves. Loaded whole before anything is answered: the first page waits for no import."""

import os

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application
from django.db import connection

from orders.infrastructure import lifecycle
from orders_portal.database_limits import hold_statements

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "orders_portal.settings")


def _refuse_another_place_for_files() -> None:
    from orders.exports.jobs import file_place

    try:
        file_place.confirm()
    except file_place.OtherPlace as reason:
        raise ImproperlyConfigured(f"The portal can't start:\n  {reason}") from None
    finally:  # processes that are forked off make connections of their own
        connection.close()
        if close_pool := getattr(connection, "close_pool", None):
            close_pool()


lifecycle.begin_loading()
application = get_wsgi_application()

hold_statements(settings.DATABASES["default"], settings.DB_STATEMENT_TIMEOUT)

from django.urls import get_resolver  # noqa: E402  (the settings have to be there)

get_resolver().url_patterns  # noqa: B018  (imports every page)
_refuse_another_place_for_files()
lifecycle.is_loaded()
