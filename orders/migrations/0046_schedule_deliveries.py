"""A schedule's file may be delivered; a run says under which name."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orders", "0045_webhook_notices")]

    operations = [
        migrations.AddField("schedule", "delivers", models.BooleanField(default=False)),
        migrations.AddField("schedulerun", "delivered_as", models.CharField(blank=True, max_length=300)),
    ]
