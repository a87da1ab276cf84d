"""The administrators' own words for what to tell the customer, kept near so that no page asks for them."""

from collections.abc import Mapping
from typing import Any

from django.core.cache import cache
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.utils.translation import get_language

from orders.people.models import AdviceText
from orders.upstreams.http.shared_state import SharedState

# Where processes share no cache, the others notice a change after this long.
KEPT_SECONDS = 300.0

_kept = SharedState(cache, prefix="advice-texts:")


def edited_texts() -> Mapping[str, str]:
    """By topic, in the language of whoever looks."""
    language = get_language() or ""
    kept: dict[str, str] | None = _kept.get(language)
    if kept is None:
        kept = dict(AdviceText.objects.filter(language=language).values_list("topic", "text"))
        _kept.set(language, kept, KEPT_SECONDS)
    return kept


@receiver(post_save, sender=AdviceText)
@receiver(post_delete, sender=AdviceText)
def _texts_changed(sender: Any, instance: AdviceText, **kwargs: Any) -> None:
    _kept.delete(instance.language)
