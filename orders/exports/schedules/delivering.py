"""Delivery: a schedule's file, put under a dated name where files are kept, beside the portal's own.

It is a download like any other: asked for with its owner's rights of the moment, and written down before.
What was delivered is the administrator's to keep or to delete; nothing of ours ever does.
"""

from django.contrib.auth.models import User
from django.utils.text import slugify

from orders import exports
from orders.exports.jobs import kept_files
from orders.exports.models import Export
from orders.exports.schedules.models import Schedule

PLACE = "deliveries"
_LONGEST_NAME = 60


class NotDelivered(Exception):
    """The place does not take it, or the file is not to be had."""


def is_possible() -> bool:
    """Whether files are kept where others can get them: in `EXPORT_STORAGE_URL`."""
    return kept_files.lie_apart()


def name_for(schedule: Schedule, export: Export) -> str:
    """`deliveries/7-mornings/orders_adobe_portfolio_20261127T070000Z.csv`; the same each time."""
    named = slugify(schedule.name)[:_LONGEST_NAME].strip("-")
    directory = f"{schedule.pk}-{named}" if named else str(schedule.pk)
    return f"{PLACE}/{directory}/{export.file_name}"


def deliver(schedule: Schedule, export: Export, owner: User) -> str:
    """Its name there. Raises `NotDelivered`, and what `exports.open_file` does of somebody's rights."""
    name = name_for(schedule, export)
    try:
        with exports.open_file(export, owner) as file:
            kept_files.put(name, file, size=export.file_size or 0, sha256=export.file_sha256)
    except (OSError, exports.NotOnThisDisk, Export.DoesNotExist) as error:
        raise NotDelivered from error
    return name
