"""Writing a batch of entries: all of it or nothing, on SQLite and on PostgreSQL."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from operator import attrgetter
from typing import Any

from django.db import connection, transaction

from orders.index import statements
from orders.index.entries import Entry
from orders.index.models import IndexedCustomer, IndexedOrder

Rows = Sequence[Sequence[Any]]
Key = tuple[str, str]  # source and customer ID


def write(entries: Iterable[Entry]) -> int:
    """Remember these orders; says how many rows were written. Whatever the database raises comes out.

    Called twice with the same, it changes nothing; of two looks at an order the later one counts, in whatever
    order they come.
    """
    written = 0
    for batch in _batches(entries):
        with transaction.atomic():
            _write(batch)
        written += len(batch)
    return written


def customer_keys(customers: Iterable[Key], seen_at: datetime) -> dict[Key, int]:
    """The numbers of these customers, who are made known where they are not."""
    wanted = set(customers)
    found = _keys(wanted)
    missing = sorted(wanted - found.keys())
    if missing:
        made = [IndexedCustomer(source=each[0], customer_id=each[1], first_seen=seen_at) for each in missing]
        IndexedCustomer.objects.bulk_create(made, ignore_conflicts=True)
        found |= _keys(set(missing))
    return found


def _keys(customers: set[Key]) -> dict[Key, int]:
    ids = sorted({customer_id for _, customer_id in customers})
    rows = [
        row
        for start in range(0, len(ids), 500)
        for row in IndexedCustomer.objects.filter(customer_id__in=ids[start : start + 500]).values_list(
            "source", "customer_id", "pk"
        )
    ]
    return {(row[0], row[1]): row[2] for row in rows if (row[0], row[1]) in customers}


def _batches(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    """Without an order twice in one of them: a statement may touch a row once, and both looks count."""
    batch: dict[tuple[str, str, str], Entry] = {}
    for entry in sorted(entries, key=lambda each: each.seen_at):
        if entry.key in batch:
            yield list(batch.values())
            batch = {}
        batch[entry.key] = entry
    if batch:
        yield list(batch.values())


def _write(batch: list[Entry]) -> None:
    keys = customer_keys(((each.source, each.customer_id) for each in batch), batch[0].seen_at)
    rows = [_row(each, keys[each.source, each.customer_id]) for each in batch]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(statements.ONE_WRITER)
        for statement in statements.MAKE_STAGES[connection.vendor]:
            cursor.execute(statement)
        _stage(cursor, "index_staged", statements.STAGED, rows)
        cursor.execute(statements.WITH_NEW_NUMBERS)
        new = set(cursor.fetchall())
        references = [
            (row[0], row[1], kind, value)
            for row, entry in zip(rows, batch, strict=True)
            if (row[0], row[1]) in new
            for kind, value in entry.references
        ]
        cursor.execute(statements.WRITE_CHANGES)
        for statement in statements.TOUCH_MONTHS:
            cursor.execute(statement)
        cursor.execute(statements.WRITE_ORDERS)
        if references:
            _stage(cursor, "index_staged_references", statements.STAGED_REFERENCES, references)
            cursor.execute(statements.WRITE_REFERENCES)
        cursor.execute(statements.COUNT_MONTHS)


_facts_of = attrgetter(*statements.STAGED[1:])


def _row(entry: Entry, customer_key: int) -> tuple[Any, ...]:
    return (customer_key, *_facts_of(entry))


def _stage(cursor: Any, table: str, columns: tuple[str, ...], rows: Rows) -> None:
    if connection.vendor == "postgresql":
        with cursor.copy(statements.copying(table, columns)) as copy:
            for row in rows:
                copy.write_row(row)
        return
    statement = statements.insertion(table, columns, "%s")
    cursor.executemany(statement, _for_sqlite(columns, rows))


def _for_sqlite(columns: tuple[str, ...], rows: Rows) -> Rows:
    """As Django writes them, so that they compare with what the ORM asks for."""
    converted = [(place, _AS_DJANGO[column]) for place, column in enumerate(columns) if column in _AS_DJANGO]
    if not converted:
        return rows
    found = [list(row) for row in rows]
    for row in found:
        for place, convert in converted:
            if row[place] is not None:
                row[place] = convert(row[place])
    return found


def _instant(value: datetime) -> str:
    return str(value.astimezone(UTC).replace(tzinfo=None))


_CONVERSIONS: dict[str, Callable[[Any], str]] = {"DateTimeField": _instant, "DecimalField": str}
_AS_DJANGO = {
    field.column: _CONVERSIONS[field.get_internal_type()]
    for field in IndexedOrder._meta.concrete_fields
    if field.get_internal_type() in _CONVERSIONS
} | {"seen_at": _instant}
