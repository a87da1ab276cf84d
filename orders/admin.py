"""Django's administration: people, roles and accounts. The ledger is not here: its one page writes down who
reads it.
"""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin
from django.contrib.auth.models import Group, Permission
from django.db.models import Q

from orders import services
from orders.models import Account, AccountCustomer, Assignment, RoleScope

admin.site.site_header = admin.site.site_title = "Orders Portal"
admin.site.index_title = "People, roles and accounts"
admin.site.unregister(Group)


class RoleScopeInline(admin.StackedInline):  # type: ignore[type-arg]  # not generic at run time
    model = RoleScope
    can_delete = False
    verbose_name_plural = "Whose customers the rights hold for"


@admin.register(Group)
class RoleAdmin(GroupAdmin):
    """A role: its rights (the four of the portal come first), and whose customers they hold for."""

    inlines = (RoleScopeInline,)

    def formfield_for_manytomany(self, db_field: Any, request: Any = None, **kwargs: Any) -> Any:
        if db_field.name == "permissions":
            kwargs["queryset"] = (
                Permission.objects.filter(
                    Q(content_type__app_label="orders") | Q(content_type__app_label="auth")
                )
                .select_related("content_type")
                .order_by("-content_type__app_label", "-content_type__model", "codename")
            )
        return super().formfield_for_manytomany(db_field, request, **kwargs)


class CustomerForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    source = forms.ChoiceField(
        label="Upstream", choices=[(each.name, each.label) for each in services.sources()]
    )


class CustomerInline(admin.TabularInline):  # type: ignore[type-arg]  # not generic at run time
    model = AccountCustomer
    form = CustomerForm
    extra = 1


class AssignmentInline(admin.TabularInline):  # type: ignore[type-arg]  # not generic at run time
    model = Assignment
    autocomplete_fields = ("person",)
    extra = 1
    verbose_name_plural = "Managed by"


@admin.register(Account)
class AccountAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    list_display = ("name", "reseller_id")
    search_fields = ("name", "reseller_id", "customers__customer_id")
    inlines = (CustomerInline, AssignmentInline)
