"""A person's own column sets for files: make, change, put in order, delete."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from orders import presets
from orders.columns import Column
from orders.models import ColumnPreset
from orders.presets import Kind
from orders.views.requests import PortalRequest

MOST_PRESETS = 50


@dataclass(frozen=True)
class Choice:
    """One line of the form: a column, whether it is ticked, and its place."""

    column: Column[Any]
    is_ticked: bool
    place: str


class PresetForm(forms.Form):
    """`column` repeats, once for each ticked one; `place-<name>` says where it stands."""

    name = forms.CharField(max_length=80)
    column = forms.MultipleChoiceField(error_messages={"required": "Tick at least one column."})

    def __init__(self, preset: ColumnPreset, kind: Kind, data: QueryDict | None = None) -> None:
        super().__init__(data, initial={"name": preset.name})
        self.preset, self.kind = preset, kind
        self.ticked = data.getlist("column") if data is not None else []
        self.fields["column"].choices = [(name, name) for name in kind.names]  # type: ignore[attr-defined]  # a ChoiceField

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if presets.is_reserved(name):
            raise forms.ValidationError("Choose a name without a comma that is no column's name.")
        if (
            presets.presets_of(self.preset.owner, self.kind)
            .exclude(pk=self.preset.pk)
            .filter(name__iexact=name)
        ):
            raise forms.ValidationError("You have a set of this name for these files.")
        return name

    def clean(self) -> dict[str, Any]:
        mine = ColumnPreset.objects.filter(owner=self.preset.owner)
        if not self.preset.pk and mine.count() >= MOST_PRESETS:
            raise forms.ValidationError(f"You have {MOST_PRESETS} sets; delete one first.")
        return super().clean() or {}

    def place(self, name: str) -> float:
        """Where the person wants the column; one without a place keeps the usual order, after the others."""
        try:
            return int(self.data.get(f"place-{name}", ""))
        except ValueError:
            return float("inf")

    def save(self) -> None:
        ticked = [name for name in self.kind.names if name in self.cleaned_data["column"]]
        self.preset.name = self.cleaned_data["name"]
        self.preset.columns = sorted(ticked, key=self.place)
        self.preset.save()

    @property
    def choices(self) -> list[Choice]:
        """Ticked columns first, in their order; then the others."""
        by_name = {column.name: column for column in self.kind.columns}
        if self.is_bound:
            return [
                Choice(column, name in self.ticked, self.data.get(f"place-{name}", "")[:6])
                for name, column in sorted(by_name.items(), key=lambda each: self.place(each[0]))
            ]
        chosen = [name for name in self.preset.columns if name in by_name]
        return [
            *(Choice(by_name[name], True, str(place)) for place, name in enumerate(chosen, 1)),
            *(Choice(column, False, "") for name, column in by_name.items() if name not in chosen),
        ]


@require_http_methods(["GET", "POST"])
def new(request: PortalRequest, source: str, rows: str) -> HttpResponse:
    kind = _kind(source, rows)
    preset = ColumnPreset(owner=request.user, source=source, rows=rows, columns=list(kind.names))
    return _edit(request, preset, kind)


@require_http_methods(["GET", "POST"])
def edit(request: PortalRequest, pk: int) -> HttpResponse:
    preset = get_object_or_404(ColumnPreset, pk=pk, owner=request.user)
    return _edit(request, preset, _kind(preset.source, preset.rows))


@require_POST
def delete(request: PortalRequest, pk: int) -> HttpResponse:
    """Forget one of the person's own sets; files that are made already stay as they are."""
    preset = get_object_or_404(ColumnPreset, pk=pk, owner=request.user)
    preset.delete()
    messages.success(request, f"The column set “{preset.name}” was deleted.")
    return redirect("profile")


def _edit(request: PortalRequest, preset: ColumnPreset, kind: Kind) -> HttpResponse:
    form = PresetForm(preset, kind, request.POST if request.method == "POST" else None)
    if form.is_valid():
        form.save()
        messages.success(request, f"The column set “{preset.name}” was saved. Choose it when you export.")
        return redirect("profile")
    context = {"form": form, "kind": kind, "preset": preset}
    return render(request, "orders/column_set.html", context, status=400 if form.is_bound else 200)


def _kind(source: str, rows: str) -> Kind:
    try:
        return presets.kind_of(source, rows)
    except KeyError:
        raise Http404(f"no files of {source} have {rows}") from None
