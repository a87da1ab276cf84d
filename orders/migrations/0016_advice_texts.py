"""Administrators may put words of their own in place of what the portal advises to tell customers."""

from typing import Any

from django.db import migrations, models


def let_administrators_edit(apps: Any, schema_editor: Any) -> None:
    """Django makes permissions only after all migrations, so those that are needed here are made here."""
    content_type, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="orders", model="advicetext"
    )
    for administrators in apps.get_model("auth", "Group").objects.filter(name="administrator"):
        for verb in ("add", "change", "delete", "view"):
            permission, _ = apps.get_model("auth", "Permission").objects.get_or_create(
                content_type=content_type,
                codename=f"{verb}_advicetext",
                defaults={"name": f"Can {verb} text of what to tell the customer"},
            )
            administrators.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0015_token_scopes"),
    ]

    operations = [
        migrations.CreateModel(
            name="AdviceText",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("topic", models.CharField(max_length=64)),
                ("language", models.CharField(max_length=16)),
                ("text", models.TextField(max_length=1000)),
            ],
            options={
                "verbose_name": "text of what to tell the customer",
                "verbose_name_plural": "texts of what to tell the customer",
                "ordering": ["topic", "language"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("topic", "language"), name="one_advice_text_per_topic_and_language"
                    )
                ],
            },
        ),
        migrations.RunPython(let_administrators_edit, migrations.RunPython.noop),
    ]
