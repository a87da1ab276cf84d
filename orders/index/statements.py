"""The statements that write a batch: the same for SQLite and PostgreSQL, but for how a batch gets in.

A batch is put into temporary tables, and everything else is said of whole sets: what changed, what is new,
what has to be counted anew. So a thousand orders cost a handful of statements.
"""

from orders.index.models import CustomerMonth, IndexedOrder, IndexedReference, StatusChange

ORDERS = IndexedOrder._meta.db_table
REFERENCES = IndexedReference._meta.db_table
CHANGES = StatusChange._meta.db_table
MONTHS = CustomerMonth._meta.db_table

# The columns of an order, but for its key and the two instants of being seen.
_FACTS = tuple(
    field.column
    for field in IndexedOrder._meta.concrete_fields
    if field.column and field.column not in {"id", "customer_key", "order_id", "first_seen", "last_seen"}
)
STAGED = ("customer_key", "order_id", *_FACTS, "seen_at")
STAGED_REFERENCES = ("customer_key", "order_id", "kind", "value")

# What is not said this time was said before: of such values the last one stays.
_KEPT_WHERE_NULL = frozenset({"status", "line_statuses", "created_at"})
_NEVER_NULL = {"status": "''", "line_statuses": "''"}


def _staged_value(column: str) -> str:
    default = _NEVER_NULL.get(column)
    return f"COALESCE(s.{column}, {default})" if default else f"s.{column}"


def _update(column: str) -> str:
    if column in _KEPT_WHERE_NULL:
        # The staged value is gone by now, and its stand-in is told by being empty.
        given = f"NULLIF(excluded.{column}, '')" if column in _NEVER_NULL else f"excluded.{column}"
        return f"{column} = COALESCE({given}, o.{column})"
    if column == "month":
        return "month = CASE WHEN excluded.month = 0 THEN o.month ELSE excluded.month END"
    if column == "changed_at":
        return (
            f"changed_at = CASE WHEN {_DIFFERS} THEN {_latest('excluded.changed_at', 'excluded.last_seen')}\
 ELSE {_latest('excluded.changed_at', 'o.changed_at')} END"
        )
    if column == "open_since":
        # Without a date of the upstream's, an order is open since it was first seen to be.
        return "open_since = CASE WHEN o.open_since < excluded.open_since AND excluded.created_at IS NULL \
THEN o.open_since ELSE excluded.open_since END"
    return f"{column} = excluded.{column}"


def _latest(one: str, other: str) -> str:
    return f"CASE WHEN {one} > {other} THEN {one} ELSE {other} END"


_DIFFERS = (
    "(excluded.status <> '' AND excluded.status <> o.status) OR excluded.trouble <> o.trouble"
    " OR (excluded.line_statuses <> '' AND excluded.line_statuses <> o.line_statuses)"
)

MAKE_STAGES = {
    "sqlite": (
        f"CREATE TEMP TABLE IF NOT EXISTS index_staged ({', '.join(STAGED)})",
        "CREATE TEMP TABLE IF NOT EXISTS index_staged_references (customer_key, order_id, kind, value)",
        "CREATE TEMP TABLE IF NOT EXISTS index_touched (customer_key, month)",
        "DELETE FROM index_staged",
        "DELETE FROM index_staged_references",
        "DELETE FROM index_touched",
    ),
    # Behind a pooler a session may be somebody else's next time: they end with the transaction.
    "postgresql": (
        f"CREATE TEMP TABLE index_staged ON COMMIT DROP AS SELECT customer_key, order_id, "
        f"{', '.join(_FACTS)}, last_seen AS seen_at FROM {ORDERS} WITH NO DATA",
        f"CREATE TEMP TABLE index_staged_references ON COMMIT DROP AS SELECT o.customer_key, o.order_id, "
        f"r.kind, r.value FROM {ORDERS} o, {REFERENCES} r WITH NO DATA",
        f"CREATE TEMP TABLE index_touched ON COMMIT DROP AS SELECT customer_key, month FROM {MONTHS} "
        "WITH NO DATA",
    ),
}

# One writer at a time: so counts are exact, no change is seen twice, and nobody waits in a circle.
ONE_WRITER = "SELECT pg_advisory_xact_lock(hashtext('orders.index'))"

_JOINED = "index_staged s JOIN {orders} o ON o.order_id = s.order_id AND o.customer_key = s.customer_key"

WRITE_CHANGES = f"""
INSERT INTO {CHANGES} (customer_key, order_id, was, "now", lines_were, lines_now, trouble_was, trouble_now,
    not_before, seen_at)
SELECT o.customer_key, o.order_id, o.status, COALESCE(s.status, o.status), o.line_statuses,
    COALESCE(s.line_statuses, o.line_statuses), o.trouble, s.trouble, o.last_seen, s.seen_at
FROM {_JOINED.format(orders=ORDERS)}
WHERE s.seen_at > o.last_seen AND (
    (s.status IS NOT NULL AND o.status <> '' AND s.status <> o.status)
    OR (s.line_statuses IS NOT NULL AND o.line_statuses <> '' AND s.line_statuses <> ''
        AND s.line_statuses <> o.line_statuses)
    OR s.trouble <> o.trouble)
ON CONFLICT DO NOTHING
"""

TOUCH_MONTHS = (
    f"""
INSERT INTO index_touched (customer_key, month)
SELECT s.customer_key, s.month FROM index_staged s
LEFT JOIN {ORDERS} o ON o.order_id = s.order_id AND o.customer_key = s.customer_key
WHERE o.id IS NULL OR o.month <> s.month OR o.outcome <> s.outcome
GROUP BY s.customer_key, s.month
""",
    f"""
INSERT INTO index_touched (customer_key, month)
SELECT o.customer_key, o.month FROM {_JOINED.format(orders=ORDERS)}
WHERE o.month <> s.month OR o.outcome <> s.outcome
GROUP BY o.customer_key, o.month
""",
)

# By place in the batch: those whose references have to be written.
WITH_NEW_NUMBERS = f"""
SELECT s.customer_key, s.order_id FROM index_staged s
LEFT JOIN {ORDERS} o ON o.order_id = s.order_id AND o.customer_key = s.customer_key
WHERE s.numbers <> '' AND (o.id IS NULL OR o.numbers <> s.numbers)
"""

WRITE_ORDERS = f"""
INSERT INTO {ORDERS} AS o (customer_key, order_id, {", ".join(_FACTS)}, first_seen, last_seen)
SELECT s.customer_key, s.order_id, {", ".join(map(_staged_value, _FACTS))}, s.seen_at, s.seen_at
FROM index_staged s WHERE 1 = 1
ON CONFLICT (order_id, customer_key) DO UPDATE SET
{", ".join(map(_update, _FACTS))}, last_seen = excluded.last_seen
WHERE excluded.last_seen >= o.last_seen
"""

WRITE_REFERENCES = f"""
INSERT INTO {REFERENCES} (value, customer_key, order_key, kind)
SELECT DISTINCT r.value, r.customer_key,
    CASE WHEN r.kind = {IndexedReference.Kind.OFFER.value} THEN 0 ELSE o.id END, r.kind
FROM index_staged_references r JOIN {ORDERS} o ON o.order_id = r.order_id AND o.customer_key = r.customer_key
WHERE 1 = 1
ON CONFLICT DO NOTHING
"""

COUNT_MONTHS = f"""
INSERT INTO {MONTHS} (customer_key, month, completed, open, failed, other)
SELECT t.customer_key, t.month, {{counts}}
FROM (SELECT DISTINCT customer_key, month FROM index_touched) t
LEFT JOIN {ORDERS} o ON o.customer_key = t.customer_key AND o.month = t.month
WHERE 1 = 1
GROUP BY t.customer_key, t.month
ON CONFLICT (customer_key, month) DO UPDATE SET
    completed = excluded.completed, open = excluded.open, failed = excluded.failed, other = excluded.other
""".format(counts=", ".join(f"COUNT(CASE WHEN o.outcome = {outcome} THEN 1 END)" for outcome in (1, 2, 3, 0)))


def insertion(table: str, columns: tuple[str, ...], mark: str) -> str:
    marks = ", ".join([mark] * len(columns))
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"


def copying(table: str, columns: tuple[str, ...]) -> str:
    return f"COPY {table} ({', '.join(columns)}) FROM STDIN"
