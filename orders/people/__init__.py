"""People: what they can do, what became of their access, and who may change it."""
