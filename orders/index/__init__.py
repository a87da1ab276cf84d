"""What the portal remembers of orders it has seen: `remember` puts in line, `write_now` writes at once, and
`find` finds again.
"""

from orders.index.finding import Hit, find
from orders.index.queue import line
from orders.index.remembering import remember, write_now

__all__ = ["Hit", "find", "line", "remember", "write_now"]
