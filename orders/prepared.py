"""Queries that the ORM writes once and the database gets again and again.

Every page asks a few small questions: what may this person do, whose customers, is a file of theirs done.
Django writes the SQL of a query anew each time, which costs ten times what SQLite needs to answer it.
"""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.db.models import QuerySet

Argument = int | str
# Stand in for arguments while the SQL is written; no row of ours has such a number, no name such a text.
_FIRST_NUMBER = -987_654_321
_FIRST_TEXT = "\ue000argument "


class Prepared:
    """Give it a function of the arguments (numbers and texts) that makes a `values_list` query.

    It is called once for each kind of database. Rows come as the database sends them, so ask for texts
    and whole numbers alone: on SQLite other columns need Django's conversion, which doesn't happen here.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Any]]) -> None:
        self._build = build
        self._written: dict[str, tuple[str, list[Any], dict[int, int]]] = {}

    def rows(self, *arguments: Argument) -> list[tuple[Any, ...]]:
        sql, parameters, places = self._written.get(connection.vendor) or self._write(arguments)
        filled = list(parameters)
        for place, index in places.items():
            filled[place] = arguments[index]
        with connection.cursor() as cursor:
            cursor.execute(sql, filled)
            found: list[tuple[Any, ...]] = cursor.fetchall()
        return found

    def column(self, *arguments: Argument) -> list[Any]:
        """The first column alone."""
        return [row[0] for row in self.rows(*arguments)]

    def exists(self, *arguments: Argument) -> bool:
        return bool(self.rows(*arguments))

    def _write(self, arguments: tuple[Argument, ...]) -> tuple[str, list[Any], dict[int, int]]:
        stand_ins = [
            _FIRST_NUMBER - index if isinstance(argument, int) else f"{_FIRST_TEXT}{index}"
            for index, argument in enumerate(arguments)
        ]
        query = self._build(*stand_ins).query
        sql, parameters = query.get_compiler(connection=connection).as_sql()
        places = {
            place: stand_ins.index(value) for place, value in enumerate(parameters) if value in stand_ins
        }
        if set(places.values()) != set(range(len(arguments))):
            raise TypeError("every argument has to be a value in the query")
        self._written[connection.vendor] = written = (sql, list(parameters), places)
        return written
