"""What an address about all of a person's accounts may ask for, on pages and by scripts alike."""

from django import forms
from django.http import QueryDict

from orders import services
from orders.presentation.texts import attention_texts as texts
from orders.services import attention, portfolio
from orders.services.attention import KINDS, Sieve

MOST = 100  # rows at once
FEW_CHANGES, ALL_CHANGES = 6, 200


class BoardForm(forms.Form):
    """What an address may ask for. Accounts that are not the person's lead to nothing."""

    account = forms.TypedMultipleChoiceField(coerce=int, required=False)
    source = forms.MultipleChoiceField(required=False)
    kind = forms.MultipleChoiceField(choices=[(kind, texts.KINDS[kind]) for kind in KINDS], required=False)
    seen = forms.ChoiceField(choices=[("", ""), *texts.SEEN.items()], required=False)
    limit = forms.IntegerField(min_value=1, max_value=MOST, required=False)
    offset = forms.IntegerField(min_value=0, max_value=10**9, required=False)

    def __init__(self, given: QueryDict) -> None:
        super().__init__(given)
        self.fields["source"].choices = [(each.name, each.short_label) for each in services.sources()]  # type: ignore[attr-defined]
        numbers = {value for value in given.getlist("account") if value.isascii() and value.isdecimal()}
        self.fields["account"].choices = [(value, value) for value in numbers if len(value) < 10]  # type: ignore[attr-defined]

    @property
    def wish(self) -> attention.Wish:
        given = self.cleaned_data
        return attention.Wish(
            accounts=tuple(given["account"]),
            sources=tuple(given["source"]),
            sieve=Sieve(
                kinds=tuple(given["kind"]), seen=None if given["seen"] == "" else given["seen"] == "1"
            ),
            limit=given["limit"] or attention.Wish().limit,
            offset=given["offset"] or 0,
        )


class PortfolioForm(forms.Form):
    """What an address may ask for."""

    q = forms.CharField(max_length=200, required=False)
    changes = forms.ChoiceField(choices=[("", ""), ("all", "all")], required=False)
    limit = forms.IntegerField(min_value=1, max_value=MOST, required=False)
    offset = forms.IntegerField(min_value=0, max_value=10**9, required=False)

    @property
    def wish(self) -> portfolio.Wish:
        given = self.cleaned_data
        return portfolio.Wish(
            text=given["q"].strip(),
            offset=given["offset"] or 0,
            limit=given["limit"] or portfolio.Wish().limit,
            changes=ALL_CHANGES if given["changes"] else FEW_CHANGES,
        )
