"""Only the rooms that own tables write them, and each of them its own; `infrastructure` those by which
workers know of each other, and the task engine's.

Read from the code: what it calls, whatever the object's name. Migrations write all tables, the sandbox has
none, and what `admin.py` lists Django's administration writes by itself.
"""

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps

from orders.exports.models import ColumnSet, Export
from orders.index.models import IndexedOrder
from orders.infrastructure.jobs.models import WorkerSign
from orders.ledger.models import LedgerEntry
from orders.people.models import Account

ORDERS = Path(__file__).parents[2] / "orders"
OWNERS = {"people", "ledger", "index", "exports", "infrastructure"}
ASIDE = {"migrations", "sandbox"}

ALWAYS = {"save", "create", "get_or_create", "update_or_create", "bulk_create", "bulk_update"}
_SQL = re.compile(r"\s*(INSERT INTO|UPDATE|DELETE FROM|REPLACE INTO|TRUNCATE) [\"\w]")


@cache
def relations():
    """Names under which an object has many others: adding to them writes a table of its own."""
    fields = [field for model in apps.get_models() for field in model._meta.get_fields()]
    many = [field for field in fields if field.many_to_many or field.one_to_many]
    return {getattr(field, "get_accessor_name", lambda name=field.name: name)() for field in many} - {None}


def writes(source):
    """Each place where this code writes a table, as (line, code)."""
    many = relations()
    found = []
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(func=ast.Attribute()) if is_write(node, many):
                found.append((node.lineno, ast.unparse(node)))
            case ast.Constant(value=str(text)) if _SQL.match(text):
                found.append((node.lineno, ast.unparse(node)))
    return found


def is_write(call, many):
    """Caches and sets have methods of the same names, but with other arguments, or under other names."""
    name, receiver = call.func.attr, call.func.value
    name = name.removeprefix("a") if name.removeprefix("a") in {*ALWAYS, "delete", "update"} else name
    if name in {"add", "set", "remove", "clear"}:
        return isinstance(receiver, ast.Attribute) and receiver.attr in many
    if name == "delete":
        return not call.args
    if name == "update":
        return not call.args and bool(call.keywords)
    return name in ALWAYS


def modules(rooms_of=lambda room: True):
    return [
        path
        for path in sorted(ORDERS.rglob("*.py"))
        if (room := room_of(path)) not in ASIDE and rooms_of(room) and "__pycache__" not in path.parts
    ]


def room_of(path):
    return path.relative_to(ORDERS).parts[0]


def name(path):
    return path.relative_to(ORDERS).as_posix()


@pytest.mark.parametrize("path", modules(lambda room: room not in OWNERS), ids=name)
def test_only_the_rooms_that_own_tables_write_them(path):
    assert writes(path.read_text()) == []


@pytest.mark.parametrize("path", modules(lambda room: room in OWNERS), ids=name)
def test_and_each_only_its_own(path):
    source = path.read_text()
    foreign = {
        each.asname or each.name
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ImportFrom) and belongs_to(node.module or "") not in {None, room_of(path)}
        for each in node.names
    }

    assert [code for _, code in writes(source) if code.partition(".")[0] in foreign] == []


def belongs_to(module):
    """The room whose tables these models are; None for what is no module of models."""
    if module in {"django.contrib.auth.models", "django.contrib.sessions.models"}:
        return "people"
    found = re.fullmatch(r"orders\.(\w+)(?:\.\w+)*\.(?:\w+_)?models", module)
    return found[1] if found else None


@pytest.mark.parametrize(
    "code",
    [
        "form.save()",
        "Export.objects.create(owner=person)",
        "Export.objects.filter(pk=1).update(noticed_at=now)",
        "Export.objects.filter(pk=1).delete()",
        "await export.asave()",
        "Account.objects.bulk_create(accounts)",
        "person.groups.set([role])",
        "person.user_permissions.clear()",
        "cursor.execute('UPDATE orders_export SET state = 1')",
        "sql = 'DELETE FROM orders_ledgerentry'",
    ],
)
def test_a_write_is_seen(code):
    assert len(writes(code)) == 1


@pytest.mark.parametrize(
    "code",
    [
        "cache.delete('lock')",
        "cache.set('key', 1, 5)",
        "found.update({'a': 1})",
        "digest.update(content)",
        "names.add(name)",
        "self.headers.clear()",
        "Export.objects.filter(pk=1).exists()",
        "text = 'Update the page'",
    ],
)
def test_what_only_looks_like_one_is_not(code):
    assert writes(code) == []


def test_the_rooms_that_own_tables_are_those_that_have_models():
    models = (Account, ColumnSet, Export, IndexedOrder, LedgerEntry, WorkerSign)
    owned = {belongs_to(model.__module__) for model in models}
    ours = {belongs_to(model.__module__) for model in apps.get_app_config("orders").get_models()}

    assert owned == ours == OWNERS
