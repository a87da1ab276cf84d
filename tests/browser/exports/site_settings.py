"""The portal's own settings for a portal in processes of its own, which the environment describes."""

from orders_portal.settings import *  # noqa: F403  (all of them)
from orders_portal.settings import STORAGES

# Static files as they stand, whatever an earlier `make run` has collected.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
