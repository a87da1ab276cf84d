"""Ask each configured upstream whether it answers and accepts our credentials."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from orders import services
from orders.domain.errors import UpstreamError


class Command(BaseCommand):
    help = (
        "Asks each configured upstream whether it answers and accepts our credentials. Exit status 1 "
        "where one does not. Prints no secret."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        outcomes = [self._check(state) for state in services.upstream_states()]
        if not all(outcomes):
            sys.exit(1)

    def _check(self, state: services.UpstreamState) -> bool:
        if not state.is_configured:
            self.stdout.write(f"{state.name}: not configured, not asked")
            return True
        try:
            services.check_upstream(state.name)
        except UpstreamError as error:
            self.stdout.write(self.style.ERROR(f"{state.name}: FAILED, {error}"))
            return False
        self.stdout.write(self.style.SUCCESS(f"{state.name}: answers and accepts our credentials"))
        return True
