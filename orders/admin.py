"""Django's administration: people, roles and accounts. The ledger is not here: its one page writes down who
reads it.
"""

from django import forms
from django.conf import settings
from django.contrib import admin
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from orders.people import administration
from orders.people.models import Account, AccountCustomer, AdviceText, Assignment
from orders.presentation.texts import advice
from orders.upstreams import catalogue

admin.site.site_header = admin.site.site_title = _("Orders Portal")
admin.site.index_title = _("People, roles and accounts")
administration.register(admin.site)


class CustomerForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    source = forms.ChoiceField(
        label=_("Upstream"), choices=[(each.name, each.label) for each in catalogue.descriptions()]
    )


class CustomerInline(admin.TabularInline):  # type: ignore[type-arg]  # not generic at run time
    model = AccountCustomer
    form = CustomerForm
    extra = 1


class AssignmentInline(admin.TabularInline):  # type: ignore[type-arg]  # not generic at run time
    model = Assignment
    autocomplete_fields = ("person",)
    extra = 1
    verbose_name_plural = _("Managed by")


@admin.register(Account)
class AccountAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    list_display = ("name", "reseller_id")
    search_fields = ("name", "reseller_id", "customers__customer_id")
    inlines = (CustomerInline, AssignmentInline)


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
