"""`manage.py adopt_files`: after the place of files was moved on purpose, say which one counts now."""

from typing import Any

from django.core.management.base import BaseCommand

from orders.exports.jobs import file_place


class Command(BaseCommand):
    help = "Makes EXPORT_DIR or EXPORT_STORAGE_URL, as this process has them, the place of all processes."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Files lie in {file_place.adopt()} from now on.")
