from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orders", "0017_ledger_beginning")]

    operations = [
        migrations.RenameModel("ColumnPreset", "ColumnSet"),
        migrations.AddField("export", "reason", models.CharField(blank=True, max_length=200)),
        migrations.AddField("export", "unreadable", models.JSONField(blank=True, default=dict)),
        migrations.AlterField("export", "dialect", models.CharField(blank=True, max_length=16)),
        migrations.AlterField("export", "format", models.CharField(default="csv", max_length=8)),
    ]
