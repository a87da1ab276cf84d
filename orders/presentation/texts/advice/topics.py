"""All topics there is advice on, and the words for some of them: an administrator's, else ours."""

from collections.abc import Iterable

from orders.presentation.texts.advice.adobe import (
    ADOBE_ERRORS,
    ADOBE_LINES,
    ADOBE_PROMOTIONS,
    ADOBE_STATUSES,
)
from orders.presentation.texts.advice.fabric import FABRIC_ERRORS, FABRIC_RETRIES, FABRIC_STATUSES
from orders.presentation.texts.advice.shipped import EditedTexts, ShippedTexts

TOPICS: ShippedTexts = {
    **ADOBE_STATUSES,
    **ADOBE_LINES,
    **ADOBE_PROMOTIONS,
    **ADOBE_ERRORS,
    **FABRIC_STATUSES,
    **FABRIC_RETRIES,
    **FABRIC_ERRORS,
}


def told(topics: Iterable[str], edited: EditedTexts) -> list[str]:
    """The words for each topic; an edited text takes the place of the shipped one."""
    return [edited.get(topic) or str(TOPICS[topic].text) for topic in topics]


def topic_choices() -> list[tuple[str, str]]:
    """Every topic with the beginning of its shipped text, for a form."""
    return [(topic, f"{topic} – {shipped.text!s:.70}") for topic, shipped in TOPICS.items()]
