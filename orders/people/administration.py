"""People and roles in Django's administration: nobody changes who is above them, or gives what they lack.

What may be chosen is narrowed in the forms' own querysets, so that a choice sent without having been offered
is refused as an invalid one.
"""

from typing import Any, cast

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, Permission, User
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from orders.people.granting import Powers, powers_by_role, powers_of, roles_within
from orders.people.models import RoleScope


def _own(request: HttpRequest) -> Powers:
    """The powers of whoever makes the request, asked for once."""
    found: Powers | None = getattr(request, "powers", None)
    if found is None:
        person = cast(User, request.user)  # the administration lets nobody else in
        found = request.powers = powers_of(person)  # type: ignore[attr-defined]  # ours
    return found


def _permissions_within(own: Powers) -> Any:
    """Those that may be given, the portal's own first.

    A superuser is not shown what is for tables that nobody edits here, unless somebody has it: a choice that
    isn't offered is taken away when the form is saved.
    """
    offered = Permission.objects.filter(pk__in=own.permissions)
    if own.is_superuser:
        ours = Q(content_type__app_label__in=("orders", "auth"))
        shown = Permission.objects.filter(ours | Q(group__isnull=False) | Q(user__isnull=False))
        offered = Permission.objects.filter(pk__in=shown.values("pk"))
    return offered.select_related("content_type").order_by(
        "-content_type__app_label", "-content_type__model", "codename"
    )


class PersonAdmin(UserAdmin):  # type: ignore[type-arg]  # not generic at run time
    """A person: name, state, roles. Their factors, sessions and tokens are on the page of people."""

    list_display = ("username", "email", "is_active", "is_staff", "is_superuser", "last_login")

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_change_permission(request, obj) and self._is_within(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_delete_permission(request, obj) and self._is_within(request, obj)

    @staticmethod
    def _is_within(request: HttpRequest, person: User | None) -> bool:
        return person is None or _own(request).cover(powers_of(person))

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        fields = super().get_readonly_fields(request, obj)
        return fields if _own(request).is_superuser else (*fields, "is_superuser")

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        own = _own(request)
        if db_field.name == "groups":
            kwargs["queryset"] = Group.objects.filter(pk__in=roles_within(own)).order_by("name")
        elif db_field.name == "user_permissions":
            kwargs["queryset"] = _permissions_within(own)
        return super().formfield_for_manytomany(db_field, request, **kwargs)


class RoleScopeInline(admin.StackedInline):  # type: ignore[type-arg]  # not generic at run time
    model = RoleScope
    can_delete = False
    verbose_name_plural = _("Whose customers the rights hold for")

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        own = _own(request)
        if not (own.sees_all or own.is_superuser):
            kwargs["choices"] = [each for each in db_field.choices if each[0] != RoleScope.Scope.ALL]
        return super().formfield_for_choice_field(db_field, request, **kwargs)


class RoleAdmin(GroupAdmin):
    """A role: its rights (the four of the portal come first), and whose customers they hold for."""

    inlines = (RoleScopeInline,)

    def has_change_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return super().has_change_permission(request, obj) and self._is_within(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return super().has_delete_permission(request, obj) and self._is_within(request, obj)

    @staticmethod
    def _is_within(request: HttpRequest, role: Group | None) -> bool:
        return role is None or _own(request).cover(powers_by_role(role))

    def formfield_for_manytomany(self, db_field: Any, request: Any = None, **kwargs: Any) -> Any:
        if db_field.name == "permissions":
            kwargs["queryset"] = _permissions_within(_own(request))
        return super().formfield_for_manytomany(db_field, request, **kwargs)


def register(site: admin.AdminSite) -> None:
    for model, its_admin in ((User, PersonAdmin), (Group, RoleAdmin)):
        site.unregister(model)
        site.register(model, its_admin)
