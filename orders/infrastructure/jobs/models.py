"""Who works, and when periodic work is due. The jobs themselves are rows of the task engine's."""

from django.db import models


class WorkerSign(models.Model):
    """A worker's last sign of life. A job whose worker gives none any more is somebody else's to run."""

    id = models.CharField(max_length=64, primary_key=True)
    queues = models.JSONField(default=dict)  # slots by queue
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.id


class PeriodicTurn(models.Model):
    """When a periodic job is due next. Whoever moves `due_at` on has the turn."""

    name = models.CharField(max_length=200, primary_key=True)  # the job's path
    due_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class UpkeepRun(models.Model):
    """The last run of `manage.py upkeep`: one row, which is also what keeps two runs apart."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)  # of the last run that came to its end
    is_sound = models.BooleanField(default=True)  # nothing was wrong in it
    details = models.JSONField(default=dict)  # rows by table

    def __str__(self) -> str:
        return f"{self.finished_at}"
