"""What gunicorn serves. Loaded whole before anything is answered: the first page waits for no import."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from orders.infrastructure import lifecycle
from orders_portal.database_limits import hold_statements

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "orders_portal.settings")

lifecycle.begin_loading()
application = get_wsgi_application()
hold_statements(settings.DATABASES["default"], settings.DB_STATEMENT_TIMEOUT)

from django.urls import get_resolver  # noqa: E402  (the settings have to be there)

get_resolver().url_patterns  # noqa: B018  (imports every page)
lifecycle.is_loaded()
