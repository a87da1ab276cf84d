"""`manage.py import_price_list FILE`: what a partner's offers are called. Prices are not kept."""

import re
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from orders.services.products import MOST_BYTES, Unreadable, import_price_list


def month(text: str) -> int:
    if not re.fullmatch(r"20\d\d(0[1-9]|1[0-2])", text, re.ASCII):
        raise ArgumentTypeError("a month is written like 202611")
    return int(text)


class Command(BaseCommand):
    help = (
        "Adds the products of a partner's monthly price list (CSV or XLSX) to the catalogue: names and offer "
        "IDs. No price is kept."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="as the partner portal hands it out")
        parser.add_argument("--month", type=month, default=0, help="of which the list is (default: this one)")

    def handle(self, *args: Any, file: Path, month: int, **options: Any) -> None:
        try:
            with file.open("rb") as opened:
                done = import_price_list(opened.read(MOST_BYTES + 1), actor=None, month=month)
        except OSError as error:
            raise CommandError(f"{file} can't be read: {error.strerror}.") from None
        except Unreadable as error:
            raise CommandError(str(error)) from None
        self.stdout.write(
            f"{done.products} products, {done.new} of them new, with {done.offers} offers; "
            f"lines that name no offer: {done.skipped}"
        )
