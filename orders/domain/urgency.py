"""How urgent a call to an upstream is: who is let through first where not all can be at once."""

from enum import IntEnum


class Urgency(IntEnum):
    """In the order in which they are served; the smaller, the sooner.

    `PAGE`: a person looks at a screen and waits. `FILE`: a person waits for the whole, not for this call.
    `REFRESH`: nobody waits.
    """

    PAGE = 0
    FILE = 1
    REFRESH = 2
