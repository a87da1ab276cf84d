"""Whether the database would take what a page has to write."""

from orders.infrastructure.database_failures import BRIEFLY, transaction_waiting
from orders.infrastructure.jobs.models import UpkeepRun


def write_nothing() -> None:
    """Raises where nothing can be written: a standby, a file that is locked or read-only.

    No row has this number, so that nothing changes and no lock of anybody's is waited for, but SQLite's one.
    """
    with transaction_waiting(BRIEFLY):
        UpkeepRun.objects.filter(pk=0).update(is_sound=True)
