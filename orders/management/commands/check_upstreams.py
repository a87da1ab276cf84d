"""Ask each configured upstream whether it answers and accepts our credentials."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from orders import services
from orders.domain.errors import UpstreamError
from orders.upstreams.checks import missing_settings


class Command(BaseCommand):
    help = (
        "Asks each configured upstream whether it answers and accepts our credentials. Exit status 1 "
        "where one does not, or has only some of its credentials. Prints no secret."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        outcomes = [self._check(state) for state in services.upstream_states()]
        if not all(outcomes):
            sys.exit(1)

    def _check(self, state: services.UpstreamState) -> bool:
        missing = missing_settings(state.name)
        if missing:
            said = "; ".join(str(message.msg) for message in missing)
            self.stdout.write(self.style.ERROR(f"{state.name}: FAILED, {said}"))
            return False
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
