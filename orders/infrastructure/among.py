"""Many keys of a question as one parameter: 2,000 of them cost Django and the database as much as two."""

import json
from collections.abc import Collection
from typing import Any

from django.db import connection
from django.db.models.expressions import RawSQL


def among(keys: Collection[int] | Collection[str]) -> Any:
    """For a filter with `__in`. Numbers or texts, all of one kind.

    One text holds them all: a driver that is given a list looks at each of its values.
    """
    if connection.vendor != "postgresql":
        return RawSQL("SELECT value FROM json_each(%s)", [json.dumps(list(keys))])
    if any(isinstance(each, str) for each in keys):
        return RawSQL("SELECT json_array_elements_text(%s::json)", [json.dumps(list(keys))])
    return RawSQL("SELECT unnest(%s::bigint[])", [array_of(keys)])


def array_of(numbers: Collection[Any]) -> str:
    """As PostgreSQL writes an array of numbers."""
    return "{" + ",".join(map(str, numbers)) + "}"
