"""What an address about all of a person's accounts may ask for, on pages and by scripts alike."""

from collections.abc import Sequence
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict

from orders import services
from orders.people.account_sets import LONGEST_NAME, AccountChoice
from orders.presentation.filtersets.base import SingleValuesForm
from orders.presentation.texts import attention_texts as texts
from orders.services import attention, portfolio
from orders.services.attention import KINDS, Sieve
from orders.views.shared.given import number_in

MOST = 100  # rows at once
FEW_CHANGES, ALL_CHANGES = 6, 200
_NO_ACCOUNT = 0  # none has this number


class ListForm(SingleValuesForm):
    """What an address of a list of ours may ask for, as on a history: an empty value is as if it were absent,
    and two different values of what can have one are refused.
    """

    def __init__(self, given: QueryDict) -> None:
        given = given.copy()
        for name, values in given.lists():
            given.setlist(name, list(filter(None, values)))
        super().__init__(given)

    @property
    def ignored(self) -> Sequence[str]:
        """Parameters that there are none of, for the page to name."""
        return sorted(name for name in self.data if name not in self.fields)


class PartForm(ListForm):
    """Which part of a longer list an address asks for."""

    limit = forms.IntegerField(min_value=1, max_value=MOST, required=False)
    offset = forms.IntegerField(min_value=0, max_value=10**9, required=False)


class AccountsForm(ListForm):
    """`account` and `set`, both of which repeat. What is not the person's leads to nothing."""

    account = forms.TypedMultipleChoiceField(coerce=int, required=False)
    set = forms.MultipleChoiceField(required=False)

    def __init__(self, given: QueryDict) -> None:
        super().__init__(given)
        given = self.data  # type: ignore[assignment]  # of this kind, and without what is empty
        numbers = {value for value in given.getlist("account") if number_in(value) is not None}
        self.fields["account"].choices = [(value, value) for value in numbers]  # type: ignore[attr-defined]
        names = {value for value in given.getlist("set") if 0 < len(value) <= LONGEST_NAME}
        self.fields["set"].choices = [(value, value) for value in names]  # type: ignore[attr-defined]

    @property
    def choice(self) -> AccountChoice:
        given = self.cleaned_data
        return AccountChoice(accounts=tuple(given["account"]), sets=tuple(given["set"]))


def chosen_in(given: QueryDict) -> AccountChoice:
    """What a button's form has chosen; what can't be meant leads to nothing, like what isn't the person's."""
    form = AccountsForm(given)
    return form.choice if form.is_valid() else AccountChoice(accounts=(_NO_ACCOUNT,))


def as_fields(choice: AccountChoice) -> list[tuple[str, str]]:
    """Name and value of what a form, or an address, has to say to mean them."""
    return [*(("account", str(each)) for each in choice.accounts), *(("set", each) for each in choice.sets)]


def as_query(choice: AccountChoice) -> str:
    """As an address names them: empty for all, else it begins with a question mark."""
    fields = as_fields(choice)
    return f"?{urlencode(fields)}" if fields else ""


class BoardForm(AccountsForm, PartForm):
    """What an address may ask for."""

    source = forms.MultipleChoiceField(required=False)
    kind = forms.MultipleChoiceField(choices=[(kind, texts.KINDS[kind]) for kind in KINDS], required=False)
    seen = forms.ChoiceField(choices=[("", ""), *texts.SEEN.items()], required=False)

    def __init__(self, given: QueryDict) -> None:
        super().__init__(given)
        self.fields["source"].choices = [(each.name, each.short_label) for each in services.sources()]  # type: ignore[attr-defined]

    @property
    def wish(self) -> attention.Wish:
        given = self.cleaned_data
        return attention.Wish(
            choice=self.choice,
            sources=tuple(given["source"]),
            sieve=Sieve(
                kinds=tuple(given["kind"]), seen=None if given["seen"] == "" else given["seen"] == "1"
            ),
            limit=given["limit"] or attention.Wish().limit,
            offset=given["offset"] or 0,
        )


class PortfolioForm(AccountsForm, PartForm):
    """What an address may ask for."""

    q = forms.CharField(max_length=200, required=False)
    changes = forms.ChoiceField(choices=[("", ""), ("all", "all")], required=False)

    @property
    def wish(self) -> portfolio.Wish:
        given = self.cleaned_data
        return portfolio.Wish(
            choice=self.choice,
            text=given["q"].strip(),
            offset=given["offset"] or 0,
            limit=given["limit"] or portfolio.Wish().limit,
            changes=ALL_CHANGES if given["changes"] else FEW_CHANGES,
        )
