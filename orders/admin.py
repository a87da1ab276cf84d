"""Django's administration: people, roles and accounts. The ledger is not here: its one page writes down who
reads it.
"""

from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from orders.people import administration, webhooks
from orders.people.granting import AccountsWithin, accounts_within, may_change, people_within, powers_of
from orders.people.models import Account, AccountCustomer, AdviceText, Assignment
from orders.people.webhook_models import Webhook
from orders.presentation.texts import advice
from orders.upstreams import catalogue

admin.site.site_header = admin.site.site_title = _("Orders Portal")
admin.site.index_title = _("People, roles and accounts")
administration.register(admin.site)


class CustomerForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    source = forms.ChoiceField(
        label=_("System"), choices=[(each.name, each.label) for each in catalogue.descriptions()]
    )


def _within(request: HttpRequest) -> AccountsWithin:
    """What whoever makes the request can hand on of accounts, asked for once."""
    found: AccountsWithin | None = getattr(request, "accounts_within", None)
    if found is None:
        found = accounts_within(cast(User, request.user))
        request.accounts_within = found  # type: ignore[attr-defined]  # ours
    return found


class NamedFields(forms.BaseInlineFormSet):  # type: ignore[type-arg]  # not generic at run time
    """Each field of a table's row says what it is: the column's heading does so for eyes alone."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        for field in form.fields.values():
            field.widget.attrs.setdefault("aria-label", field.label)


class CustomerInline(admin.TabularInline):  # type: ignore[type-arg]  # not generic at run time
    """A customer here belonged to no account before, so only who sees everybody's sees them."""

    model = AccountCustomer
    form = CustomerForm
    formset = NamedFields
    extra = 1

    def has_add_permission(self, request: HttpRequest, obj: Account | None = None) -> bool:
        return super().has_add_permission(request, obj) and self._may_give(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Account | None = None) -> bool:
        return super().has_change_permission(request, obj) and self._may_give(request, obj)

    @staticmethod
    def _may_give(request: HttpRequest, account: Account | None) -> bool:
        within = _within(request)
        managers = (
            set() if account is None else set(account.assignments.values_list("person__username", flat=True))
        )
        return within.accounts is None and not managers & within.above


class AssignmentInline(admin.TabularInline):  # type: ignore[type-arg]  # not generic at run time
    model = Assignment
    autocomplete_fields = ("person",)
    formset = NamedFields
    extra = 1
    verbose_name_plural = _("Managed by")

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "person":
            # Who manages it already may go on, as a choice that isn't offered can't be saved.
            stays = Q(assignments__account=getattr(request.resolver_match, "kwargs", {}).get("object_id"))
            people = User.objects.filter(~Q(username__in=_within(request).above) | stays)
            kwargs["queryset"] = User.objects.filter(pk__in=people.values("pk"))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@admin.register(Account)
class AccountAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    list_display = ("name", "reseller_id")
    search_fields = ("name", "reseller_id", "customers__customer_id")
    inlines = (CustomerInline, AssignmentInline)

    def has_change_permission(self, request: HttpRequest, obj: Account | None = None) -> bool:
        return super().has_change_permission(request, obj) and self._is_within(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Account | None = None) -> bool:
        return super().has_delete_permission(request, obj) and self._is_within(request, obj)

    @staticmethod
    def _is_within(request: HttpRequest, account: Account | None) -> bool:
        return account is None or _within(request).sees(account.pk)


class AdviceTextForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    topic = forms.ChoiceField(choices=advice.topic_choices)
    language = forms.ChoiceField(choices=settings.LANGUAGES)


@admin.register(AdviceText)
class AdviceTextAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """What to tell the customer, in the house's own words. Beside them, what they take the place of."""

    form = AdviceTextForm
    list_display = ("topic", "language", "text")
    list_filter = ("language",)
    search_fields = ("topic", "text")
    readonly_fields = ("shipped_text", "known_from")

    @admin.display(description=_("Text that comes with the portal"))
    def shipped_text(self, entry: AdviceText) -> str:
        shipped = advice.TOPICS.get(entry.topic)
        return gettext(shipped.text) if shipped else ""

    @admin.display(description=_("How its meaning is known"))
    def known_from(self, entry: AdviceText) -> str:
        shipped = advice.TOPICS.get(entry.topic)
        if shipped is None:
            return ""
        known_from, source = gettext(shipped.known_from), gettext(shipped.source)
        return f"{known_from}: {source}"


class WebhookForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    secret = forms.CharField(
        label=_("Secret"),
        required=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("What signs the messages; left empty it stays as it is. It is shown to nobody."),
    )

    class Meta:
        model = Webhook
        fields = ("person", "address", "is_on")

    def clean_address(self) -> str:
        address: str = self.cleaned_data["address"]
        if not webhooks.is_allowed(address):
            raise forms.ValidationError(gettext("It needs https:// and one of the hosts in WEBHOOK_HOSTS."))
        return address

    def clean_secret(self) -> str:
        secret: str = self.cleaned_data["secret"]
        if (secret or not self.instance.sealed_secret) and len(secret) < webhooks.SHORTEST_SECRET:
            said = gettext("At least %(least)s characters, made by chance.")
            raise forms.ValidationError(said % {"least": webhooks.SHORTEST_SECRET})
        return secret


@admin.register(Webhook)
class WebhookAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """Where somebody's scripts are told that a file of theirs is ready."""

    form = WebhookForm
    list_display = ("person", "address", "is_on")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Webhook]:
        """Of people who aren't above whoever looks: what signs their files is a power of theirs."""
        webhooks_of_all: QuerySet[Webhook] = super().get_queryset(request)
        return webhooks_of_all.filter(person__in=_people_within(request))

    def get_readonly_fields(self, request: HttpRequest, obj: Webhook | None = None) -> Any:
        return () if obj is None else ("person",)

    def has_view_permission(self, request: HttpRequest, obj: Webhook | None = None) -> bool:
        return super().has_view_permission(request, obj) and self._may_change(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Webhook | None = None) -> bool:
        return super().has_change_permission(request, obj) and self._may_change(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Webhook | None = None) -> bool:
        return super().has_delete_permission(request, obj) and self._may_change(request, obj)

    @staticmethod
    def _may_change(request: HttpRequest, webhook: Webhook | None) -> bool:
        return webhook is None or may_change(cast(User, request.user), webhook.person)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "person":
            kwargs["queryset"] = _people_within(request).order_by("username")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Webhook, form: Any, change: bool) -> None:
        webhooks.keep(obj, secret=form.cleaned_data["secret"])

    def delete_model(self, request: HttpRequest, obj: Webhook) -> None:
        webhooks.forget(obj)

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        for webhook in queryset:
            webhooks.forget(webhook)


def _people_within(request: HttpRequest) -> QuerySet[User]:
    return people_within(powers_of(cast(User, request.user)))
