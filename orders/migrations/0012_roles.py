"""Four roles to begin with. They are ordinary groups: an administrator may change them or make others."""

from typing import Any

from django.db import migrations

_ADMINISTERED = {
    "orders": ("account", "accountcustomer", "assignment", "rolescope"),
    "auth": ("user", "group"),
}
# Role: its rights, and whose customers they hold for.
ROLES: dict[str, tuple[tuple[str, ...], str]] = {
    "customer-service agent": (("view_orders",), "all"),
    "account manager": (("view_orders", "export_orders"), "assigned"),
    "supervisor": (("view_orders", "reveal_personal_data", "export_orders", "read_ledger"), "all"),
    "administrator": (("view_orders", "reveal_personal_data", "export_orders", "read_ledger"), "all"),
}
_NAMES = {
    "view_orders": "View orders",
    "reveal_personal_data": "Reveal personal data, and see partner prices",
    "export_orders": "Export orders",
    "read_ledger": "Read the ledger",
}


def make_roles(apps: Any, schema_editor: Any) -> None:
    """Django makes permissions only after all migrations, so those that are needed here are made here."""
    group_model = apps.get_model("auth", "Group")
    scope_model = apps.get_model("orders", "RoleScope")
    for role, (rights, scope) in ROLES.items():
        group, _ = group_model.objects.get_or_create(name=role)
        scope_model.objects.get_or_create(group=group, defaults={"scope": scope})
        for right in rights:
            group.permissions.add(_permission(apps, "orders", "portalright", right, _NAMES[right]))
    administrators = group_model.objects.get(name="administrator")
    for app, models in _ADMINISTERED.items():
        for model in models:
            for verb in ("add", "change", "delete", "view"):
                administrators.permissions.add(
                    _permission(
                        apps, app, model, f"{verb}_{model}", f"Can {verb} {_verbose(apps, app, model)}"
                    )
                )


def _permission(apps: Any, app: str, model: str, codename: str, name: str) -> Any:
    content_type, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label=app, model=model
    )
    permission, _ = apps.get_model("auth", "Permission").objects.get_or_create(
        content_type=content_type, codename=codename, defaults={"name": name}
    )
    return permission


def _verbose(apps: Any, app: str, model: str) -> str:
    return str(apps.get_model(app, model)._meta.verbose_name_raw)


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0011_ledger_guards"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(make_roles, migrations.RunPython.noop)]
