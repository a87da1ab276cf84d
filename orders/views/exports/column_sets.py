"""A person's own column sets for files: make, change, put in order, delete."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from orders.exports import column_sets
from orders.exports.column_sets import RowType
from orders.exports.models import ColumnSet
from orders.presentation.columns import Column
from orders.views.shared.pages import render_page
from orders.views.shared.requests import PortalRequest

MOST_SETS = 50


@dataclass(frozen=True)
class Choice:
    """One line of the form: a column, whether it is ticked, and its place."""

    column: Column[Any]
    is_ticked: bool
    place: str


class ColumnSetForm(forms.Form):
    """`column` repeats, once for each ticked one; `place-<name>` says where it stands."""

    name = forms.CharField(max_length=80)
    column = forms.MultipleChoiceField(error_messages={"required": _("Tick at least one column.")})

    def __init__(self, column_set: ColumnSet, row_type: RowType, data: QueryDict | None = None) -> None:
        super().__init__(data, initial={"name": column_set.name})
        self.column_set, self.row_type = column_set, row_type
        self.ticked = data.getlist("column") if data is not None else []
        self.fields["column"].choices = [(name, name) for name in row_type.names]  # type: ignore[attr-defined]  # a ChoiceField

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if column_sets.is_reserved(name):
            raise forms.ValidationError(gettext("Choose a name without a comma that is no column's name."))
        if (
            column_sets.sets_of(self.column_set.owner, self.row_type)
            .exclude(pk=self.column_set.pk)
            .filter(name__iexact=name)
        ):
            raise forms.ValidationError(gettext("You have a set of this name for these files."))
        return name

    def clean(self) -> dict[str, Any]:
        mine = ColumnSet.objects.filter(owner=self.column_set.owner)
        if not self.column_set.pk and mine.count() >= MOST_SETS:
            raise forms.ValidationError(
                gettext("You have %(most)s sets; delete one first.") % {"most": MOST_SETS}
            )
        return super().clean() or {}

    def place(self, name: str) -> float:
        """Where the person wants the column; one without a place keeps the usual order, after the others."""
        try:
            return int(self.data.get(f"place-{name}", ""))
        except ValueError:
            return float("inf")

    def keep(self) -> None:
        ticked = [name for name in self.row_type.names if name in self.cleaned_data["column"]]
        column_sets.keep(
            self.column_set, name=self.cleaned_data["name"], columns=sorted(ticked, key=self.place)
        )

    @property
    def choices(self) -> list[Choice]:
        """Ticked columns first, in their order; then the others."""
        by_name = {column.name: column for column in self.row_type.every_column}
        if self.is_bound:
            return [
                Choice(column, name in self.ticked, self.data.get(f"place-{name}", "")[:6])
                for name, column in sorted(by_name.items(), key=lambda each: self.place(each[0]))
            ]
        chosen = [name for name in self.column_set.columns if name in by_name]
        return [
            *(Choice(by_name[name], True, str(place)) for place, name in enumerate(chosen, 1)),
            *(Choice(column, False, "") for name, column in by_name.items() if name not in chosen),
        ]


@dataclass(frozen=True)
class ColumnSetPage:
    """The form, with its choices in order, and what it is about."""

    form: ColumnSetForm
    row_type: RowType
    column_set: ColumnSet


@require_http_methods(["GET", "POST"])
def new(request: PortalRequest, source: str, rows: str) -> HttpResponse:
    row_type = _row_type(source, rows)
    usual = [column.name for column in row_type.columns]
    column_set = ColumnSet(owner=request.user, source=source, rows=rows, columns=usual)
    return _edit(request, column_set, row_type)


@require_http_methods(["GET", "POST"])
def edit(request: PortalRequest, pk: int) -> HttpResponse:
    column_set = get_object_or_404(ColumnSet, pk=pk, owner=request.user)
    return _edit(request, column_set, _row_type(column_set.source, column_set.rows))


@require_POST
def delete(request: PortalRequest, pk: int) -> HttpResponse:
    """Forget one of the person's own sets; files that are made already stay as they are."""
    column_set = get_object_or_404(ColumnSet, pk=pk, owner=request.user)
    column_sets.forget(column_set)
    messages.success(request, gettext("The column set “%(name)s” was deleted.") % {"name": column_set.name})
    return redirect("profile")


def _edit(request: PortalRequest, column_set: ColumnSet, row_type: RowType) -> HttpResponse:
    form = ColumnSetForm(column_set, row_type, request.POST if request.method == "POST" else None)
    if form.is_valid():
        form.keep()
        messages.success(
            request,
            gettext("The column set “%(name)s” was saved. Choose it when you export.")
            % {"name": column_set.name},
        )
        return redirect("profile")
    context = ColumnSetPage(form, row_type, column_set)
    status = 400 if form.is_bound else 200
    return render_page(request, "orders/exports/column_set.html", context, status=status)


def _row_type(source: str, rows: str) -> RowType:
    try:
        return column_sets.row_type_of(source, rows)
    except KeyError:
        raise Http404(f"no files of {source} have {rows}") from None
