"""Django's storage over `EXPORT_DIR`, wherever that is just now."""

import os

from django.conf import settings
from django.core.files.storage import FileSystemStorage


class SharedDirectory(FileSystemStorage):
    """One directory, which all processes that make or give files have to see."""

    @property
    def base_location(self) -> str:
        return str(settings.EXPORT_DIR)

    @property
    def location(self) -> str:
        return os.path.abspath(self.base_location)
