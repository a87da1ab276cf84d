"""What a person is told of that happened without them: one list, read and unread."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

LONGEST_ADDRESS = 300


class Notice(models.Model):
    """`subject` says of what, in the person's own words or by its number; `address` leads to it."""

    class What(models.TextChoices):
        """The word for what happened, and the words for whom it concerns."""

        FILE_READY = "file-ready", _("Your file is complete")
        FILE_PARTIAL = "file-partial", _("Your file is ready, but not complete")
        FILE_FAILED = "file-failed", _("Your file could not be made")
        WATCH_SETTLED = "watch-settled", _("An order that you watch has settled")
        WATCH_OVER = "watch-over", _("An order that you watch has not settled within a week")
        WATCH_GONE = "watch-gone", _("An order that you watch is not there any more")
        WATCH_REFUSED = "watch-refused", _("An order that you watch is no longer yours to see")
        SCHEDULE_READY = "schedule-ready", _("What you ordered by schedule is there")
        SCHEDULE_FAILED = "schedule-failed", _("A schedule of yours failed")
        SCHEDULE_STOPPED = (
            "schedule-stopped",
            _("A schedule of yours was stopped after it had failed too often"),
        )

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    what = models.CharField(max_length=32, choices=What)
    subject = models.CharField(max_length=200, blank=True)
    address = models.CharField(
        max_length=LONGEST_ADDRESS, blank=True
    )  # a path of ours, without what stands before it
    at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=["person", "-at"], name="notices_by_person"),
            models.Index(
                fields=["person"], condition=models.Q(read_at=None), name="unread_notices_by_person"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.what}"
