"""The ledger's head exists, sealed, before its first entry: a ledger without one was emptied."""

from typing import Any

from django.db import migrations

from orders.ledger.genesis import begin


def seal_the_beginning(apps: Any, schema_editor: Any) -> None:
    begin(*(apps.get_model("orders", name) for name in ("LedgerHead", "LedgerEntry", "LedgerCheckpoint")))


class Migration(migrations.Migration):
    dependencies = [("orders", "0016_advice_texts")]

    operations = [migrations.RunPython(seal_the_beginning, migrations.RunPython.noop)]
