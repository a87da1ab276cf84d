"""Accounts and assignments from a CSV file: what each line would do, then all of it or nothing.

`decode` makes text of bytes, `read` lines of text, `plan` says what each would do, `carry_out` writes it;
`keep`, `waiting` and `forget` are for files between being chosen and being decided on.
"""

from orders.people.account_import.applying import NotImported, carry_out, plan
from orders.people.account_import.decoding import CODE_PAGES, MOST_BYTES, USUAL_CODE_PAGE, Unreadable, decode
from orders.people.account_import.planning import Plan
from orders.people.account_import.reading import COLUMNS, MOST_LINES, read
from orders.people.account_import.waiting import forget, keep, waiting

__all__ = [
    "CODE_PAGES",
    "COLUMNS",
    "MOST_BYTES",
    "MOST_LINES",
    "USUAL_CODE_PAGE",
    "NotImported",
    "Plan",
    "Unreadable",
    "carry_out",
    "decode",
    "forget",
    "keep",
    "plan",
    "read",
    "waiting",
]
