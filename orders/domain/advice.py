"""What a piece of advice is: the words we ship, and, apart from them, how we know what they say."""

from typing import NamedTuple

from orders.domain.translatable import gettext_noop as _

DOCUMENTED = _("documented")  # the upstream's own documentation says so
OBSERVED = _("observed")  # seen in recorded answers, or in what others who use the API have written down
OURS = _("ours")  # our reading, which no upstream has confirmed

OWN_READING = _("our own reading")


class Shipped(NamedTuple):
    """`text` is for the person who talks to the customer. `known_from` is one of the three words above,
    and `source` where it stands; neither is ever part of the text. All three are marked for translation.
    """

    text: str
    known_from: str
    source: str
