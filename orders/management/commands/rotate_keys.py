"""`manage.py rotate_keys`: seals what is kept under the key of now; then the fallbacks may go."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from orders.people.key_rotation import rotate


class Command(BaseCommand):
    help = (
        "Seals second factors and secrets of webhooks anew under SECRET_KEY, reading them with "
        "SECRET_KEY_FALLBACKS. Saved tokens and answers of upstreams live for minutes, sessions for hours: "
        "they run out by themselves. The ledger's entries keep the seals that they have, so their keys stay "
        "among LEDGER_KEY_FALLBACKS."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        done = rotate()
        self.stdout.write(f"Sealed anew: {done.resealed} second factors.")
        if done.lost:
            names = ", ".join(done.lost)
            raise CommandError(f"No key opens the second factors of {names}: see reset_second_factor.")
