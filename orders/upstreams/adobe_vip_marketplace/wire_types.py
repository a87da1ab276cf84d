"""What all of Adobe's payloads have in common on the wire.

Each part of one has its keys, and how it is read, in one file: `parse_line.py`, `parse_order.py`, `parse.py`.
"""

from typing import Annotated

import msgspec

from orders.domain.bounded_text import LONGEST_TEXT

# Larger numbers are possible, and for the long way.
Small = Annotated[int, msgspec.Meta(gt=-(10**9), lt=10**9)]
# Longer texts are cut, the long way, and said to be.
Text = Annotated[str, msgspec.Meta(max_length=LONGEST_TEXT)]


class Wire(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    """Unknown keys are ignored; every known one may be missing."""
