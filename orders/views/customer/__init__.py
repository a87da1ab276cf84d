"""A customer beside their orders: panels, and each of them as a page."""
