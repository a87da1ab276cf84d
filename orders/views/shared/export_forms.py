"""What an export's address asks for: the history's filters, and what the file is to look like."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from orders import services
from orders.domain.descriptions import Description
from orders.exports import BadExport, ExportSpec, column_sets
from orders.exports.engine.formats import FORMATS, format_names, format_of
from orders.exports.models import Export
from orders.exports.specification import BOTH, filters_alone
from orders.people.account_sets import ALL_ACCOUNTS, AccountChoice
from orders.people.permissions import rights_in
from orders.people.personal_settings import Chosen
from orders.presentation.filtersets import FILTERSETS
from orders.presentation.filtersets.base import PageForm, SingleValuesForm
from orders.presentation.filtersets.parameters import NO_FILTERS, SELECTED, SELECTION, VIEW, tidied
from orders.views.shared.query_strings import clean_query
from orders.views.shared.requests import PortalRequest

CSV = "csv"
_LONGEST_REASON = 200


class ExportForm(SingleValuesForm):
    """`rows`, `format`, `dialect` and `columns`; without them a CSV file with one row per order."""

    rows = forms.ChoiceField(choices=Export.Rows.choices, required=False, label=_("Rows"))
    format = forms.CharField(required=False, label=_("Format"))
    dialect = forms.CharField(required=False, label=_("Dialect"))
    columns = forms.CharField(max_length=2000, required=False, label=_("Columns"))

    def __init__(
        self,
        owner: User,
        source: str,
        data: QueryDict | None,
        preferred: Chosen | None = None,
        on_page: Sequence[str] = (),
    ) -> None:
        """`preferred` is chosen as long as nothing was sent; `on_page` are the columns of the list beside."""
        liked = preferred or Chosen()
        initial = {"format": liked.file_format, "dialect": liked.dialect}
        super().__init__(None if data is None else tidied(data), initial=initial)
        self.owner, self.source, self.on_page = owner, source, on_page

    @property
    def file_choices(self) -> list[tuple[str, str, bool, bool]]:
        """(value of `file`, words, whether leading zeros survive a spreadsheet, whether chosen): only what
        there is, so that nobody can choose two sheets of a CSV file.
        """
        rows = self["rows"].value() or Export.Rows.ORDERS
        chosen = f"{rows}.{self['format'].value() or CSV}"
        return [
            (f"{rows}.{name}", f"{format_of(name).words}: {words}", name != CSV, f"{rows}.{name}" == chosen)
            for name in format_names()
            for rows, words in Export.Rows.choices
            if rows != BOTH or format_of(name).holds_several_sheets
        ]

    @property
    def file_errors(self) -> list[str]:
        """What is wrong with the choice of a file: its rows, or its format."""
        return [str(error) for name in ("rows", "format") for error in self[name].errors]

    @property
    def dialect_choices(self) -> list[tuple[str, str, bool]]:
        """(value, words, whether chosen) of what a CSV file can look like."""
        chosen = self["dialect"].value() or ""
        return [
            (each.dialect, str(each.reader), each.dialect == chosen) for each in FORMATS if each.name == CSV
        ]

    @property
    def column_choices(self) -> list[tuple[str, str, bool]]:
        """(value, words, whether chosen): the built-in choices, the person's own sets, and what was sent."""
        given = self["columns"].value() or ""
        chosen = given or (
            column_sets.EVERY_COLUMN if self.is_bound else column_sets.default_choice(self.owner)
        )
        offered = column_sets.choices(self.owner, self.source, self.on_page)
        if given and given.casefold() not in {value.casefold() for value, _ in offered}:
            is_of_page = given.startswith(column_sets.AS_ON_THE_PAGE)
            names = given.removeprefix(column_sets.AS_ON_THE_PAGE).split(",")
            offered.append(column_sets.as_on_page(names) if is_of_page else (given, given))
        return [(value, words, value.casefold() == chosen.casefold()) for value, words in offered]

    @property
    def as_given(self) -> list[tuple[str, str]]:
        """What a second form has to send to mean the same."""
        return [(name, self[name].value()) for name in self.fields if self[name].value()]

    def clean(self) -> dict[str, Any]:
        """What the address leaves out, and the columns that it means."""
        cleaned = super().clean()
        if self.errors:
            return cleaned
        cleaned["rows"] = cleaned["rows"] or Export.Rows.ORDERS
        cleaned["format"] = cleaned["format"] or CSV
        if cleaned["format"] != CSV:
            cleaned["dialect"] = ""  # it says what a CSV file is like
        try:
            cleaned["columns"] = column_sets.choose(
                owner=self.owner,
                source=self.source,
                rows=cleaned["rows"],
                text=cleaned["columns"],
                with_prices=services.describe(self.source).asks_for_prices(self.data),
            )
        except column_sets.UnknownColumns as reason:
            self.add_error("columns", str(reason))
        return cleaned


class AnswersForm(SingleValuesForm):
    """What a person answers to a warning: yes to a partial file, yes to personal data."""

    partial = forms.CharField(required=False)
    personal = forms.CharField(required=False)


class ExportRequest:
    """The parameters of a GET, or of a POST's body and address together, checked before anything is asked.

    What is `given` otherwise stands for them. Without a customer it is a file over those of `choice`.
    """

    def __init__(
        self,
        request: PortalRequest,
        description: Description,
        customer_id: str,
        given: QueryDict | None = None,
        *,
        choice: AccountChoice = ALL_ACCOUNTS,
    ) -> None:
        self.description, self.customer_id, self.choice = description, customer_id, choice
        self.given = request.GET.copy() if given is None else given.copy()
        for name, values in request.POST.lists() if given is None else ():
            self.given.setlist(name, values)
        # What the forms offer as one choice is two parameters of the address.
        rows, _, name = self.given.pop("file", [""])[-1].partition(".")
        for parameter, value in (("rows", rows), ("format", name)):
            if value:
                self.given.setdefault(parameter, value)
        # It stands in no address: those are written down everywhere.
        self._reason = (request.POST.get("reason", "") or _header(request)).strip()
        self._is_in_address = "reason" in request.GET
        self._needs_reason = "personal" in request.POST
        may_see_prices = rights_in(request).may_see_prices
        self.filters = FILTERSETS[description.name](self.given, request=request, shows_prices=may_see_prices)
        self.form = ExportForm(request.user, description.name, self.given)

    @cached_property
    def errors(self) -> dict[str, list[str]]:
        """What can't be used, by parameter. Nothing may be asked upstream where there is any."""
        found = {name: [str(each) for each in errors] for name, errors in self.form.errors.items()}
        # A file has no pages, so that it doesn't matter what they say; but two of them are a mistake.
        found.update(
            {name: list(errors) for name, errors in PageForm(self.filters.data).given_twice().items()}
        )
        found.update(AnswersForm(self.given).given_twice())
        # A page ignores a parameter it doesn't know and says so. A script reads no notices: with a
        # mistyped filter it would get a file of more than it asked for, and nobody would see it.
        # A view is opened by its page; here it would say nothing of the file.
        for name in self.filters.unknown_parameters((NO_FILTERS | {SELECTED}) - {VIEW}):
            found[name] = [gettext("There is no such parameter, so the file could hold more than you want.")]
        if SELECTION in self.given and not tidied(self.given).get(SELECTED):
            found[SELECTED] = [gettext("Nothing was selected: tick at least one order in the list.")]
        if self._needs_reason and len(self._reason) < 3:
            found["reason"] = [gettext("Say why you need personal data: a ticket number, or a few words.")]
        if self._is_in_address:
            found["reason"] = [gettext("It stands in no address: send it in the header X-Reason.")]
        if len(self._reason) > _LONGEST_REASON:
            found["reason"] = [gettext("Say why in at most %(most)s characters.") % {"most": _LONGEST_REASON}]
        try:
            self._checked()
        except BadExport as bad:
            found = {**bad.errors, **found}
        return found

    @property
    def filter_query(self) -> str:
        """The history's own query string: the filters alone."""
        query = filters_alone(clean_query(self.given))
        for name in self.filters.withheld:
            query.pop(name, None)
        return query.urlencode()

    @cached_property
    def spec(self) -> ExportSpec:
        """The file that is asked for. Only without `errors`."""
        return self._checked()

    def _checked(self) -> ExportSpec:
        chosen = self.form.cleaned_data if self.form.is_valid() else {}
        return ExportSpec.checked(
            source=self.description.name,
            customer_id=self.customer_id,
            query=self.filter_query,
            reason=self._reason,
            choice=self.choice,
            **chosen,
        )


def filters_of_portfolio(given: QueryDict) -> QueryDict:
    """What was given, without what says of whom the file is: upstream, accounts and sets."""
    filters = given.copy()
    for name in ("source", "account", "set"):
        filters.pop(name, None)
    return filters


def _header(request: PortalRequest) -> str:
    """HTTP's headers are Latin-1 by the letter; whoever sends more sends UTF-8."""
    given = request.headers.get("X-Reason", "")
    try:
        return given.encode("latin-1").decode()
    except UnicodeError:
        return given
