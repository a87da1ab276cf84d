"""Schedules, and their runs."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from orders.exports.models import Export


class Schedule(models.Model):
    """What its owner wants to know of, how often, and how that went.

    `query` is what the address of it carries: a view's filters, the board's, the accounts and sets of the
    portfolio, and for a file these beside the filters of its upstream. The time is of `zone`, the owner's
    when `next_at` was reckoned. `fingerprint` says what was found last, and nothing of what it was.
    """

    class Kind(models.TextChoices):
        VIEW = "view", _("A saved view")
        ATTENTION = "attention", _("What needs attention")
        PORTFOLIO = "portfolio", _("The portfolio")
        FILE = "file", _("A file of the portfolio")

    class Every(models.TextChoices):
        DAY = "day", _("Daily")
        WEEK = "week", _("Weekly")
        MONTH = "month", _("Monthly")

    class State(models.TextChoices):
        ON = "on", _("On")
        PAUSED = "paused", _("Paused")
        STOPPED = "stopped", _("Stopped, because it failed")

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=16, choices=Kind)
    source = models.CharField(max_length=32, blank=True)
    customer_id = models.CharField(max_length=64, blank=True)
    query = models.TextField(blank=True)
    rows = models.CharField(max_length=8, blank=True)
    format = models.CharField(max_length=8, blank=True)
    dialect = models.CharField(max_length=16, blank=True)

    every = models.CharField(max_length=8, choices=Every)
    at = models.TimeField()
    weekday = models.PositiveSmallIntegerField(default=0)
    day = models.PositiveSmallIntegerField(default=1)
    zone = models.CharField(max_length=64, default="UTC")
    tells_always = models.BooleanField(default=False)
    delivers = models.BooleanField(default=False)  # its file, to where files are kept, under a dated name

    state = models.CharField(max_length=8, choices=State, default=State.ON)
    next_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)  # in a row
    fingerprint = models.CharField(max_length=64, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        default_permissions = ()
        ordering = ["name", "pk"]
        indexes = [models.Index(fields=["state", "next_at"], name="schedules_by_turn")]

    def __str__(self) -> str:
        return self.name


class ScheduleRun(models.Model):
    """One turn of a schedule. Whoever moves it out of its state has ended it."""

    class State(models.TextChoices):
        WAITING = "waiting"  # or looked at by a worker
        MAKING = "making"  # its file is being made
        DONE = "done"

    class Outcome(models.TextChoices):
        CHANGED = "changed", _("Something changed")
        SAME = "same", _("Nothing changed")
        PARTIAL = "partial", _("The file is incomplete")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    schedule = models.ForeignKey(Schedule, models.CASCADE, related_name="runs")
    due_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    outcome = models.CharField(max_length=16, choices=Outcome, blank=True)
    cause = models.CharField(max_length=32, blank=True)  # of a failure: a word
    ended_at = models.DateTimeField(null=True, blank=True)
    export = models.ForeignKey(Export, models.SET_NULL, null=True, blank=True, related_name="+")
    delivered_as = models.CharField(max_length=300, blank=True)  # its name in the place where files are kept

    class Meta:
        default_permissions = ()
        ordering = ["-due_at"]
        constraints = [
            models.UniqueConstraint(fields=["schedule", "due_at"], name="one_run_per_schedule_and_turn")
        ]
        indexes = [models.Index(fields=["state"], name="schedule_runs_by_state")]

    def __str__(self) -> str:
        return f"{self.schedule_id}, {self.due_at}: {self.outcome or self.state}"
