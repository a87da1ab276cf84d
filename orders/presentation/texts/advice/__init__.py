"""What to tell the customer, by topic. Administrators may replace the words that we ship.

Those stand in the folder of their upstream (`advice.py`).
"""

from orders.presentation.texts.advice.choosing import failure_topics, order_topics
from orders.presentation.texts.advice.topics import TOPICS, EditedTexts, told, topic_choices

__all__ = ["TOPICS", "EditedTexts", "failure_topics", "order_topics", "told", "topic_choices"]
