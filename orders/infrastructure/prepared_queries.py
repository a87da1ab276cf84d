"""Queries that the ORM writes once and the database gets again and again.

Every page asks a few small questions: whose session is this, what may this person do, is a file of theirs
done. Django writes the SQL of a query anew each time, which costs ten times what SQLite needs to answer it.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import QuerySet

Argument = int | str | datetime

# They stand for the arguments while the SQL is written; nothing of ours has such a number, name or time.
_NUMBER = -987_654_321
_TEXT = "\ue000argument "
_INSTANT = datetime(1901, 2, 3, 4, 5, 6, tzinfo=UTC)


class Prepared:
    """Give it a function of the arguments that makes a `values_list` query of them.

    It is called once for each kind of database, so it must not decide anything by its arguments.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Any]]) -> None:
        self._build = build
        self._written: dict[str, _Written] = {}

    def rows(self, *arguments: Argument) -> list[tuple[Any, ...]]:
        connection = connections[DEFAULT_DB_ALIAS]
        written = self._written.get(connection.vendor)
        if written is None:
            written = self._written[connection.vendor] = _Written(self._build, arguments, connection)
        return written.run(arguments, connection)

    def column(self, *arguments: Argument) -> list[Any]:
        """The first column alone."""
        return [row[0] for row in self.rows(*arguments)]

    def exists(self, *arguments: Argument) -> bool:
        return bool(self.rows(*arguments))


class _Written:
    """The SQL, which of its parameters are arguments, and how Django reads each column."""

    def __init__(
        self,
        build: Callable[..., QuerySet[Any, Any]],
        like: tuple[Argument, ...],
        connection: BaseDatabaseWrapper,
    ) -> None:
        stand_ins = [_stand_in(index, argument) for index, argument in enumerate(like)]
        compiler = build(*stand_ins).query.get_compiler(connection=connection)
        self._sql, parameters = compiler.as_sql()
        self._parameters = list(parameters)
        adapted = [_adapted(each, connection) for each in stand_ins]
        self._places = {
            place: adapted.index(value) for place, value in enumerate(parameters) if value in adapted
        }
        if set(self._places.values()) != set(range(len(like))):
            raise TypeError("every argument has to be a value in the query")
        self._converters = compiler.get_converters([selected[0] for selected in compiler.select])

    def run(self, arguments: tuple[Argument, ...], connection: BaseDatabaseWrapper) -> list[tuple[Any, ...]]:
        filled = self._parameters.copy()
        for place, index in self._places.items():
            filled[place] = _adapted(arguments[index], connection)
        with connection.cursor() as cursor:
            cursor.execute(self._sql, filled)
            found: list[tuple[Any, ...]] = cursor.fetchall()
        return list(self._converted(found, connection)) if self._converters else found

    def _converted(
        self, rows: list[tuple[Any, ...]], connection: BaseDatabaseWrapper
    ) -> Iterable[tuple[Any, ...]]:
        for row in rows:
            values = list(row)
            for place, (converters, expression) in self._converters.items():
                for convert in converters:
                    values[place] = convert(values[place], expression, connection)
            yield tuple(values)


def _stand_in(index: int, argument: Argument) -> Argument:
    if isinstance(argument, datetime):
        return _INSTANT + timedelta(days=index)
    return _NUMBER - index if isinstance(argument, int) else f"{_TEXT}{index}"


def _adapted(argument: Argument, connection: BaseDatabaseWrapper) -> Any:
    """An argument as the database takes it."""
    if isinstance(argument, datetime):
        return connection.ops.adapt_datetimefield_value(argument)
    return argument
