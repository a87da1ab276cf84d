"""What all of fabric's payloads have in common on the wire.

Each part of one has its keys, and how it is read, in one file: `parse_line.py`, `parse_order.py`,
`parse_people.py`, `parse.py`.
"""

import msgspec


class Wire(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    """Unknown keys are ignored; every known one may be missing."""
