"""What an export's address asks for: the history's filters, and what the file is to look like."""

from typing import Any

from django import forms
from django.http import QueryDict

from orders import presets
from orders.domain.descriptions import Description
from orders.filtersets import FILTERSETS
from orders.models import Export
from orders.views.addresses import clean_query
from orders.views.requests import PortalRequest

FORM_PARAMETERS = frozenset({"rows", "format", "dialect", "columns"})
# Of the page the address was copied from, or of the form that sent it; a file has no pages.
IGNORED_PARAMETERS = frozenset({"limit", "offset", "page", "partial", "retry", "csrfmiddlewaretoken"})
DIALECTS = [("", "Plain"), ("excel", "For Excel")]


class ExportForm(forms.Form):
    """`rows`, `format`, `dialect` and `columns`; without them a CSV file with one row per order."""

    rows = forms.ChoiceField(choices=Export.Rows.choices, required=False, label="Rows")
    format = forms.ChoiceField(choices=Export.Format.choices, required=False, label="Format")
    dialect = forms.ChoiceField(choices=DIALECTS, required=False, label="Dialect")
    columns = forms.CharField(max_length=2000, required=False, label="Columns")

    def __init__(self, owner: Any, source: str, data: QueryDict | None) -> None:
        super().__init__(data)
        self.owner, self.source = owner, source

    @property
    def chosen_rows(self) -> str:
        return self["rows"].value() or Export.Rows.ORDERS

    @property
    def chosen_format(self) -> str:
        return self["format"].value() or Export.Format.CSV

    @property
    def column_choices(self) -> list[tuple[str, str, bool]]:
        """(value, words, whether chosen): the built-in choices, the person's own sets, and what was sent."""
        given = self["columns"].value() or ""
        chosen = given or (presets.EVERY_COLUMN if self.is_bound else presets.default_choice(self.owner))
        offered = presets.choices(self.owner, self.source)
        if given and given.casefold() not in {value.casefold() for value, _ in offered}:
            offered.append((given, given))
        return [(value, words, value.casefold() == chosen.casefold()) for value, words in offered]

    @property
    def as_given(self) -> list[tuple[str, str]]:
        """What a second form has to send to mean the same."""
        return [(name, self[name].value()) for name in self.fields if self[name].value()]

    def clean_rows(self) -> str:
        return self.cleaned_data["rows"] or Export.Rows.ORDERS

    def clean_format(self) -> str:
        return self.cleaned_data["format"] or Export.Format.CSV

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if self.errors:
            return cleaned
        if cleaned["rows"] == Export.Rows.BOTH and cleaned["format"] != Export.Format.XLSX:
            self.add_error("format", "Two sheets need an Excel workbook (format=xlsx).")
        try:
            cleaned["columns"] = presets.choose(
                owner=self.owner, source=self.source, rows=cleaned["rows"], text=cleaned["columns"]
            )
        except presets.UnknownColumns as reason:
            self.add_error("columns", str(reason))
        return cleaned


class ExportRequest:
    """The parameters of a GET, or of a POST's body and address together, checked before anything is asked."""

    def __init__(self, request: PortalRequest, description: Description, customer_id: str) -> None:
        self.description, self.customer_id = description, customer_id
        self.given = request.GET.copy()
        for name, values in request.POST.lists():
            self.given.setlist(name, values)
        self.filters = FILTERSETS[description.name](self.given, request=request)
        self.form = ExportForm(request.user, description.name, self.given)

    @property
    def errors(self) -> dict[str, list[str]]:
        """What can't be used, by parameter. Nothing may be asked upstream where there is any."""
        found = dict(self.filters.errors_by_parameter())
        found.update({name: [str(each) for each in errors] for name, errors in self.form.errors.items()})
        # A page ignores a parameter it doesn't know and says so. A script reads no notices: with a
        # mistyped filter it would get a file of more than it asked for, and nobody would see it.
        for name in self.filters.unknown_parameters(FORM_PARAMETERS | IGNORED_PARAMETERS):
            found[name] = ["There is no such parameter, so the file could hold more than you want."]
        return found

    @property
    def filter_query(self) -> str:
        """The history's own query string: the filters alone."""
        query = clean_query(self.given)
        for name in FORM_PARAMETERS | IGNORED_PARAMETERS:
            query.pop(name, None)
        return query.urlencode()

    @property
    def what(self) -> dict[str, Any]:
        """What the engine is to make. Call it only without errors."""
        chosen = self.form.cleaned_data
        return {
            "source": self.description.name,
            "customer_id": self.customer_id,
            "query": self.filter_query,
            "rows": chosen["rows"],
            "format": chosen["format"],
            "dialect": chosen["dialect"] if chosen["format"] == Export.Format.CSV else "",
            "columns": chosen["columns"],
        }
