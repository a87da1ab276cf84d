"""The ledger: who did what, when and to whose data. It can only be added to, and every entry seals the last.

Rows are written before data is shown: `record` raises `LedgerUnavailable` where it can't, and then nothing
is shown.
"""

from orders.ledger.models import Action, LedgerEntry
from orders.ledger.recording import LedgerUnavailable, record

__all__ = ["Action", "LedgerEntry", "LedgerUnavailable", "record"]
