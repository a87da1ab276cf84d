"""An index of millions of orders, made by the database itself out of one customer's that the portal wrote.

Each customer has as many orders as that one, with numbers of their own; all else is alike. An order's number
and its references grow with its customer's, so that SQLite's trees are filled from one end.
"""

from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from orders.domain.orders import Order
from orders.index import write_now
from orders.index.models import CustomerMonth, IndexedCustomer, IndexedOrder, IndexedReference, StatusChange
from orders.upstreams.adobe_vip_marketplace import terms
from tests.index.seen import adobe_line, adobe_order

ORDERS = 200  # of a customer
TEMPLATE = "template"
SOURCE = "adobe"
_TOGETHER = 500  # customers written in one transaction
_ALERTS_EVERY, _CHANGES_EVERY = 100, 50
_BEYOND_ALL = 10**12
_BEYOND = {
    "postgresql": "SELECT setval(pg_get_serial_sequence('{table}', 'id'), greatest({least}, max(id))) "
    "FROM {table}",
    "sqlite": "UPDATE sqlite_sequence SET seq = max(seq, {least}) WHERE name = '{table}'",
}

_FACTS: list[str] = [
    str(field.column)
    for field in IndexedOrder._meta.concrete_fields
    if field.column not in {"id", "customer_key", "order_id", "external_reference", "numbers"}
]
_TABLES = {
    "orders": IndexedOrder._meta.db_table,
    "references": IndexedReference._meta.db_table,
    "customers": IndexedCustomer._meta.db_table,
    "months": CustomerMonth._meta.db_table,
    "changes": StatusChange._meta.db_table,
}


def order_number(customer: int, place: int) -> str:
    return f"5{customer:07}{place:03}"


def reference(customer: int, place: int) -> str:
    return f"PO-{customer:07}{place:03}"


def subscription(customer: int, place: int) -> str:
    return f"8a{customer:07}{place:03}00000000000000000000NA"


def customer_id(number: int) -> str:
    return f"1{number:09}"


def orders_of(number: int, *, status: str = "1000") -> list[Order]:
    """As the adapter makes them; over a year, a few of them of a kind that needs somebody."""
    now = timezone.now()
    return [
        adobe_order(
            order_number(number, place),
            status="1004" if place % _ALERTS_EVERY == 0 else status,
            customer_id=customer_id(number),
            order_type=terms.order_type("NEW"),
            external_reference_id=reference(number, place),
            created_at=now - timedelta(hours=40 * place),
            lines=(adobe_line(status=status, subscription_id=subscription(number, place)),),
        )
        for place in range(ORDERS)
    ]


def begin() -> None:
    """The customer that all are made of: number 0."""
    write_now(SOURCE, customer_id(0), orders_of(0), seen_at=timezone.now())
    _on_sqlite("PRAGMA synchronous = OFF", "PRAGMA journal_mode = MEMORY", "PRAGMA cache_size = -1000000")


def fill(first: int, last: int) -> None:
    """The customers of these numbers, both included, after those before them."""
    for start in range(first, last + 1, _TOGETHER):
        with transaction.atomic(), connection.cursor() as cursor:
            for statement in _statements():
                cursor.execute(statement, {"first": start, "last": min(last, start + _TOGETHER - 1)})


def settle() -> None:
    """What a database does by itself in quiet hours. Who comes later gets keys beyond all that are filled."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        for table in (_TABLES["orders"], _TABLES["customers"], _TABLES["changes"]):
            cursor.execute(_BEYOND[connection.vendor].format(table=table, least=_BEYOND_ALL))
    _on_sqlite("PRAGMA synchronous = NORMAL", "PRAGMA journal_mode = WAL", "PRAGMA cache_size = -2000")


def size_in_bytes() -> int:
    """Of the tables of the index with their indexes; on SQLite of the whole file, which holds little else."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            names = ", ".join(f"'{name}'" for name in _TABLES.values())
            cursor.execute(
                f"SELECT sum(pg_total_relation_size(oid)) FROM pg_class WHERE relname IN ({names})"
            )
        else:
            cursor.execute("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
        return int(cursor.fetchone()[0])


def _on_sqlite(*statements: str) -> None:
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)


def _statements() -> list[str]:
    numbers = _numbers()
    wide, place = _padded("n.number", 7), _padded("t.place", 3)
    template = f"""(SELECT o.*, ROW_NUMBER() OVER (ORDER BY o.id) - 1 AS place FROM {_TABLES["orders"]} o
        JOIN {_TABLES["customers"]} k ON k.id = o.customer_key AND k.customer_id = '{customer_id(0)}') t"""
    facts = ", ".join(_FACTS)
    theirs = ", ".join(f"t.{column}" for column in _FACTS)
    ordered = f"FROM {numbers} n CROSS JOIN {template} ORDER BY n.number, t.place"
    order_key = f"n.number * {ORDERS} + t.place + {ORDERS} + 1"
    values = {
        IndexedReference.Kind.REFERENCE: f"'PO-' || {wide} || {place}",
        IndexedReference.Kind.SUBSCRIPTION: f"'8a' || {wide} || {place} || '{'0' * 20}NA'",
    }
    return [
        f"""INSERT INTO {_TABLES["customers"]} (id, source, customer_id, first_seen)
            SELECT n.number + 1, '{SOURCE}', '1' || {_padded("n.number", 9)}, k.first_seen
            FROM {numbers} n JOIN {_TABLES["customers"]} k ON k.customer_id = '{customer_id(0)}'""",
        f"""INSERT INTO {_TABLES["orders"]}
            (id, customer_key, order_id, external_reference, numbers, {facts})
            SELECT {order_key}, n.number + 1, '5' || {wide} || {place}, 'PO-' || {wide} || {place},
            t.numbers, {theirs} {ordered}""",
        *(
            f"""INSERT INTO {_TABLES["references"]} (value, customer_key, order_key, kind)
            SELECT {value}, n.number + 1, {order_key}, {kind.value} {ordered}"""
            for kind, value in values.items()
        ),
        f"""INSERT INTO {_TABLES["months"]} (customer_key, month, completed, open, failed, other)
            SELECT n.number + 1, m.month, m.completed, m.open, m.failed, m.other
            FROM {numbers} n CROSS JOIN {_TABLES["months"]} m
            JOIN {_TABLES["customers"]} k ON k.id = m.customer_key AND k.customer_id = '{customer_id(0)}'""",
        f"""INSERT INTO {_TABLES["changes"]} (customer_key, order_id, was, "now", lines_were, lines_now,
            trouble_was, trouble_now, not_before, seen_at)
            SELECT n.number + 1, '5' || {wide} || {place}, '1002', '1000', '', '', '', '',
            t.first_seen, t.last_seen
            FROM {numbers} n CROSS JOIN {template} WHERE t.place %% {_CHANGES_EVERY} = 0""",
    ]


def _numbers() -> str:
    if connection.vendor == "postgresql":
        return "(SELECT generate_series(%(first)s, %(last)s) AS number)"
    return (
        "(WITH RECURSIVE s(number) AS (SELECT %(first)s UNION ALL SELECT number + 1 FROM s "
        "WHERE number < %(last)s) SELECT number FROM s)"
    )


def _padded(value: str, width: int) -> str:
    if connection.vendor == "postgresql":
        return f"lpad(({value})::text, {width}, '0')"
    return f"substr('{'0' * width}' || ({value}), -{width})"
