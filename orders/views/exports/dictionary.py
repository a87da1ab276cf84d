"""The data dictionary: what each column of a file means, from the registry that makes the files."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from orders.exports import column_sets
from orders.exports.column_sets import RowType
from orders.views.shared.pages import render_page
from orders.views.shared.requests import PortalRequest


@dataclass(frozen=True)
class DictionaryPage:
    """Each sort of files, with its columns."""

    row_types: Sequence[RowType]


@require_safe
def columns_help(request: PortalRequest) -> HttpResponse:
    return render_page(request, "orders/exports/dictionary.html", DictionaryPage(column_sets.row_types()))
