"""Parts of pages that look the same for many: drawn once, and taken from memory afterwards."""

from collections import OrderedDict
from collections.abc import Hashable, Mapping
from threading import Lock
from typing import Any

from django.template.loader import get_template
from django.urls import get_script_prefix
from django.utils.safestring import SafeString
from django.utils.translation import get_language

MOST_KEPT = 128

_lock = Lock()
_kept: "OrderedDict[tuple[Hashable, ...], SafeString]" = OrderedDict()


def drawn(template: str, context: Mapping[str, Any], shown: Hashable) -> SafeString:
    """The template with this context. `shown` is all that makes a difference to it, of language and address
    prefix apart; nothing of a person may be in it.
    """
    key = (template, get_language(), get_script_prefix(), shown)
    with _lock:
        if (found := _kept.get(key)) is not None:
            _kept.move_to_end(key)
            return found
    made = SafeString(get_template(template).render({**context}))
    with _lock:
        _kept[key] = made
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return made


def forget() -> None:
    """Draw all anew: static files have other addresses now."""
    with _lock:
        _kept.clear()


def kept() -> int:
    """How many there are."""
    return len(_kept)
