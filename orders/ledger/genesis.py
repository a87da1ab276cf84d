"""Where a ledger begins: its head is sealed before there is any entry.

So an empty ledger shows whose it is. One that was emptied, or whose head is missing, is no new one: nobody
without the key can make a beginning, and the portal makes none but here, at its migration.
"""

from typing import Any

from orders.ledger import chain


def begin(head_model: Any, entry_model: Any, checkpoint_model: Any) -> None:
    """Seal the head of a ledger in which nothing stands yet. One that has grown is left as it is."""
    if entry_model._base_manager.exists() or checkpoint_model._base_manager.exists():
        return
    key = chain.keys()[0]
    head = head_model(pk=1, number=0, hash=chain.genesis(key))
    head.seal = chain.seal_of_head(head, key)
    found = head_model._base_manager.filter(pk=1)
    if not found.exists():
        head_model._base_manager.bulk_create([head])
    elif found.filter(number=0, seal="").exists():  # of a version that left it unsealed
        found.update(hash=head.hash, seal=head.seal)
