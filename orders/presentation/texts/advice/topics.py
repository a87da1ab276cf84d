"""All topics there is advice on, and the words for some of them: an administrator's, else ours."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext

from orders.domain.advice import Shipped
from orders.upstreams import catalogue

EditedTexts = Mapping[str, str]  # by topic, in the reader's language

# A topic names one occasion: `adobe.status.1004`, `fabric.error.140`.
TOPICS: dict[str, Shipped] = {
    topic: shipped
    for description in catalogue.descriptions()
    for topic, shipped in (*description.order_advice.items(), *description.refusal_advice.items())
}


def told(topics: Iterable[str], edited: EditedTexts) -> list[str]:
    """The words for each topic; an edited text takes the place of the shipped one."""
    return [edited.get(topic) or gettext(TOPICS[topic].text) for topic in topics]


def topic_choices() -> list[tuple[str, str]]:
    """Every topic with the beginning of its shipped text, for a form."""
    words = {topic: gettext(shipped.text) for topic, shipped in TOPICS.items()}
    return [(topic, f"{topic} – {text:.70}") for topic, text in words.items()]
