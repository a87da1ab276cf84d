"""The ledger: who did what, when and to whose data. It can only be added to, and every entry seals the last.

Rows are written before data is shown: `record` raises `LedgerUnavailable` where it can't, and then nothing
is shown.
"""

from orders.ledger.writing import LedgerUnavailable, record
from orders.models import Action, LedgerEntry

__all__ = ["Action", "LedgerEntry", "LedgerUnavailable", "record"]
