"""What a schedule is asked for with, checked before it is kept."""

from collections.abc import Sequence
from datetime import time
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from orders import services
from orders.domain.identifiers import is_identifier
from orders.exports import BadExport, ExportSpec
from orders.exports.models import Export
from orders.exports.schedules import delivering, keeping
from orders.exports.schedules.models import Schedule
from orders.people import account_sets
from orders.people.permissions import rights_in
from orders.people.saved_views import views_for
from orders.presentation.filtersets.parameters import tidied
from orders.presentation.numbers import grouped
from orders.views.shared.account_forms import AccountsForm, BoardForm
from orders.views.shared.export_forms import ExportForm
from orders.views.shared.given import number_in
from orders.views.shared.requests import PortalRequest

Kind, Every = Schedule.Kind, Schedule.Every
_VIEW = "view:"  # and the number of a saved view


class ScheduleForm(forms.Form):
    """`what` is a kind, or `view:` and the number of a saved view, of `customer`. `account` and `set`
    say of which accounts, `query` which filters stand beside them.
    """

    name = forms.CharField(max_length=80)
    what = forms.ChoiceField()
    customer = forms.CharField(max_length=64, required=False)
    set = forms.ChoiceField(required=False)
    source = forms.ChoiceField(required=False)
    file = forms.ChoiceField(required=False)
    query = forms.CharField(max_length=2000, required=False)
    every = forms.ChoiceField(choices=Every.choices)
    at = forms.TimeField(
        input_formats=["%H:%M", "%H:%M:%S"],
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
    )
    weekday = forms.TypedChoiceField(
        choices=[(str(number), words) for number, words in WEEKDAYS.items()],
        coerce=int,
        empty_value=None,
        required=False,
    )
    day = forms.IntegerField(min_value=1, max_value=31, required=False)
    tells = forms.ChoiceField(
        choices=[("changed", _("Only when something changed")), ("always", _("Always"))], required=False
    )

    delivers = forms.BooleanField(required=False)

    def __init__(self, request: PortalRequest, data: QueryDict | None) -> None:
        sets = account_sets.names_of(request.user)
        super().__init__(data, initial=_initial(request.GET, sets))
        self.can_deliver = delivering.is_possible()
        self._person, self._rights = request.user, rights_in(request)
        there_are = {each.name for each in services.sources()}
        self._views = {
            f"{_VIEW}{view.pk}": view for view in views_for(request.user) if view.source in there_are
        }
        self._given = request.GET if data is None else data
        kinds = [(kind.value, kind.label) for kind in Kind if kind is not Kind.VIEW]
        if not self._rights.may_export:
            kinds = [each for each in kinds if each[0] != Kind.FILE]
        views = [(value, view.name) for value, view in self._views.items()]
        self._choose("what", [*kinds, *views])
        beside = self._chosen_beside(sets)
        of_all = gettext("Those of the filters: %(names)s") % {"names": ", ".join(beside)} if beside else ""
        names = [(str(pk), name) for pk, name in sets]
        self._choose("set", [("", of_all or _("All my accounts")), *names])
        self._choose("source", [(each.name, each.short_label) for each in services.sources()])
        files = ExportForm(request.user, services.sources()[0].name, None).file_choices
        self._choose("file", [(value, words) for value, words, _keeps, _chosen in files])
        for field in self.fields.values():
            field.widget.attrs["class"] = "field"

    def _choose(self, name: str, choices: list[tuple[str, Any]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]  # a ChoiceField

    def _chosen_beside(self, sets: Sequence[tuple[int, str]]) -> list[str]:
        """What is chosen without the field `set`: single accounts, by their number, and several sets."""
        query = QueryDict(str(self["query"].value() or "").removeprefix("?"))
        count = len({*self.accounts_given, *query.getlist("account")})
        said = ngettext("%(count)s account", "%(count)s accounts", count) % {"count": grouped(count)}
        names = {str(pk): name for pk, name in sets}
        return [*([said] if count else []), *(names.get(each, each) for each in query.getlist("set"))]

    @property
    def accounts_given(self) -> list[str]:
        """Numbers of single accounts that the address has chosen."""
        return [each for each in self._given.getlist("account") if number_in(each) is not None]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if keeping.schedules_of(self._person).count() >= keeping.MOST_SCHEDULES:
            said = gettext("You have %(most)s schedules; delete one first.")
            raise forms.ValidationError(said % {"most": keeping.MOST_SCHEDULES})
        if self.errors:
            return cleaned
        view = self._views.get(cleaned["what"])
        if view is not None:
            if not is_identifier(cleaned["customer"]):
                self.add_error("customer", gettext("A view is of one customer: give their ID."))
            cleaned["subject"] = _of_view(view.source, cleaned["customer"], view.query)
        elif cleaned["what"] == Kind.FILE:
            cleaned["subject"] = self._of_file(cleaned)
        else:
            cleaned["subject"] = self._of_accounts(cleaned)
        if cleaned["delivers"] and not (self.can_deliver and cleaned["what"] == Kind.FILE):
            self.add_error("delivers", gettext("Only a file can be delivered, to where files are kept."))
        return cleaned

    def _query(self, cleaned: dict[str, Any]) -> QueryDict:
        """The filters beside the accounts, each from where it was chosen."""
        query = tidied(QueryDict(cleaned["query"].removeprefix("?")))
        for name, values in (
            ("set", [cleaned["set"]] if cleaned["set"] else query.getlist("set")),
            ("account", self.accounts_given or query.getlist("account")),
        ):
            query.setlist(name, values)
        for name in ("limit", "offset"):
            query.pop(name, None)
        return query

    def _of_accounts(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        query = self._query(cleaned)
        form = (BoardForm if cleaned["what"] == Kind.ATTENTION else AccountsForm)(query)
        if not form.is_valid():
            self.add_error("query", gettext("These filters can't be used as they are."))
        return {"kind": cleaned["what"], "query": query.urlencode()}

    def _of_file(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        query = self._query(cleaned)
        filters = query.copy()
        for name in ("account", "set"):
            filters.pop(name, None)
        rows, _dot, format_ = cleaned["file"].partition(".")
        subject = {
            "kind": Kind.FILE,
            "source": cleaned["source"] or services.sources()[0].name,
            "query": query.urlencode(),
            "rows": rows or Export.Rows.ORDERS,
            "format": format_ or "csv",
        }
        accounts = AccountsForm(query)
        if not accounts.is_valid():
            self.add_error("query", gettext("These filters can't be used as they are."))
            return subject
        try:
            ExportSpec.checked(
                source=subject["source"],
                query=filters,
                rows=subject["rows"],
                format=subject["format"],
                choice=accounts.choice,
            )
        except BadExport as bad:
            self.add_error("query", str(bad))
        return subject

    def fields_of_schedule(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {
            "name": given["name"],
            **given["subject"],
            "every": given["every"],
            "at": given["at"],
            "weekday": given["weekday"] or 0,
            "day": given["day"] or 1,
            "tells_always": given["tells"] == "always",
            "delivers": given["delivers"],
        }


def _initial(given: QueryDict, sets: Sequence[tuple[int, str]]) -> dict[str, Any]:
    """What an address fills in: `?what=attention&set=3`, and any filter beside it. A set is named as
    anywhere, by its number or name; several of them stay among the filters, since the form has room for one.
    """
    # The upstream is chosen beside a file; of the board it is a filter like others.
    of_file = ("source", "file") if given.get("what") == Kind.FILE else ()
    names = ("name", "what", "customer", *of_file)
    named = {name: given[name] for name in names if name in given}
    wanted = {each.casefold() for each in given.getlist("set") if each}
    found = [str(pk) for pk, name in sets if {str(pk), name.casefold()} & wanted]
    if len(wanted) == len(found) == 1 or not wanted:
        named["set"] = "".join(found)
    query = given.copy()
    for name in (*named, "account"):
        query.pop(name, None)
    return {
        "every": Every.DAY,
        "at": time(7, 0),
        "weekday": "0",
        "day": 1,
        "what": Kind.ATTENTION,
        "tells": "changed",
        **named,
        "query": query.urlencode(),
    }


def _of_view(source: str, customer_id: str, query: str) -> dict[str, Any]:
    return {"kind": Kind.VIEW, "source": source, "customer_id": customer_id, "query": query}


def turn_words(schedule: Schedule, zone: str) -> str:
    """When its turns are."""
    given = {"at": f"{schedule.at:%H:%M}", "zone": zone}
    if schedule.every == Every.WEEK:
        given["weekday"] = str(WEEKDAYS[schedule.weekday])
        return gettext("%(weekday)s at %(at)s (%(zone)s)") % given
    if schedule.every == Every.MONTH:
        given["day"] = str(schedule.day)
        return gettext("On day %(day)s of the month at %(at)s (%(zone)s)") % given
    return gettext("Every day at %(at)s (%(zone)s)") % given
