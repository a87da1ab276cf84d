"""What to tell the customer: texts that we ship, and that administrators may replace, by topic."""

from orders.presentation.texts.advice.choosing import failure_topics, order_topics
from orders.presentation.texts.advice.shipped import EditedTexts, Shipped
from orders.presentation.texts.advice.topics import TOPICS, told, topic_choices

__all__ = ["TOPICS", "EditedTexts", "Shipped", "failure_topics", "order_topics", "told", "topic_choices"]
