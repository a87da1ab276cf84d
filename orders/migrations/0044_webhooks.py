"""Where scripts are told that a file is ready, as administrators say."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def let_administrators_edit(apps: Any, schema_editor: Any) -> None:
    """Django makes permissions only after all migrations, so those that are needed here are made here."""
    administrators = apps.get_model("auth", "Group").objects.filter(name="administrator").first()
    if administrators is None:
        return
    content_type, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="orders", model="webhook"
    )
    for verb in ("add", "change", "delete", "view"):
        permission, _ = apps.get_model("auth", "Permission").objects.get_or_create(
            content_type=content_type,
            codename=f"{verb}_webhook",
            defaults={"name": f"Can {verb} webhook “file ready”"},
        )
        administrators.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0043_schedules"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Webhook",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("address", models.CharField(max_length=500, verbose_name="address")),
                ("sealed_secret", models.TextField(editable=False)),
                ("is_on", models.BooleanField(default=True, verbose_name="on")),
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "webhook “file ready”",
                "verbose_name_plural": "webhooks “file ready”",
            },
        ),
        migrations.CreateModel(
            name="WebhookDelivery",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "Waiting"), ("sent", "Sent"), ("failed", "Failed")],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("due_at", models.DateTimeField()),
                (
                    "export",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="orders.export"
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "indexes": [models.Index(fields=["state", "due_at"], name="webhooks_by_turn")],
            },
        ),
        migrations.RunPython(let_administrators_edit, migrations.RunPython.noop),
    ]
