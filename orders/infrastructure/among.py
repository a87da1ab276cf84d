"""Many keys of a question as one parameter: 2,000 of them cost Django and the database as much as two."""

import json
from collections.abc import Collection
from typing import Any

from django.db import connection
from django.db.models.expressions import RawSQL


def among(keys: Collection[int] | Collection[str]) -> Any:
    """For a filter with `__in`. Numbers or texts, all of one kind."""
    if connection.vendor == "postgresql":
        kind = "text" if any(isinstance(each, str) for each in keys) else "bigint"
        return RawSQL(f"SELECT unnest(%s::{kind}[])", [list(keys)])  # noqa: S611 - `kind` is one of ours
    return RawSQL("SELECT value FROM json_each(%s)", [json.dumps(list(keys))])
