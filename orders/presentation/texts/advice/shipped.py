"""What a piece of advice is: the words we ship, and, apart from them, how we know what they say."""

from collections.abc import Mapping
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from orders.presentation.texts.phrases import Text

DOCUMENTED = _("documented")  # the upstream's own documentation says so
OBSERVED = _("observed")  # seen in recorded answers, or in what others who use the API have written down
OURS = _("ours")  # our reading, which no upstream has confirmed

OWN_READING = _("our own reading")


class Shipped(NamedTuple):
    """`text` is for the person who talks to the customer. `known_from` is one of the three words above,
    and `source` where it stands; neither is ever part of the text.
    """

    text: Text
    known_from: Text
    source: Text


# A topic names one occasion: `adobe.status.1004`, `fabric.error.140`.
ShippedTexts = Mapping[str, Shipped]
EditedTexts = Mapping[str, str]  # by topic, in the reader's language
