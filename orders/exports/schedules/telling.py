"""Telling a schedule's owner: among their notices, and by mail, with a link and never with data.

`tell` is the one place where an end is told; whatever else tells people of things is called there.
"""

import logging

from django.contrib.auth.models import User
from django.core.mail import EmailMessage
from django.db import transaction
from django.urls import get_script_prefix, reverse
from django.utils import translation
from django.utils.translation import gettext

from orders.exports.schedules.looking import address_of
from orders.exports.schedules.models import Schedule, ScheduleRun
from orders.exports.schedules.words import cause_words
from orders.infrastructure import secret_files
from orders.infrastructure.own_address import own_address
from orders.people import notices
from orders.people.notices import What
from orders.people.personal_settings import language_of

logger = logging.getLogger(__name__)

_Outcome = ScheduleRun.Outcome


def tell(owner: User, schedule: Schedule, run: ScheduleRun) -> None:
    """Once for each end that the owner wants to know of, within the transaction that writes the end down."""
    what = _what(schedule, run)
    address = reverse("export-detail", args=[run.export_id]) if run.export_id else address_of(schedule)
    if what is not What.SCHEDULE_READY:
        address = reverse("schedules")
    path = "/" + address.removeprefix(get_script_prefix())
    notice = notices.tell(owner, what, subject=schedule.name, address=path, has_own_mail=True)
    if notices.wants_mail(owner, what):
        with translation.override(language_of(owner)):
            title = gettext("Orders Portal: %(what)s") % {"what": notice.get_what_display()}
            body = text(schedule, run, own_address(reverse("notice", args=[notice.pk])))
        transaction.on_commit(lambda: _mail(owner.email, title, body))


def _what(schedule: Schedule, run: ScheduleRun) -> What:
    if run.outcome != _Outcome.FAILED:
        return What.SCHEDULE_READY
    is_stopped = schedule.state == Schedule.State.STOPPED
    return What.SCHEDULE_STOPPED if is_stopped else What.SCHEDULE_FAILED


def text(schedule: Schedule, run: ScheduleRun, address: str) -> str:
    """What happened, and the address of its notice: nothing of what was found, and nobody's name or number.
    A schedule's own name may be a customer's.
    """
    if run.outcome == _Outcome.FAILED:
        given = {"why": cause_words(run.cause), "count": schedule.failures, "address": address}
        if schedule.state == Schedule.State.STOPPED:
            said = gettext(
                "%(why)s It has failed %(count)s times in a row and was stopped. Once the reason is gone, "
                "switch it on again:\n\n%(address)s\n"
            )
        else:
            said = gettext("%(why)s It will be tried again at its next turn:\n\n%(address)s\n")
        return said % given
    schedules = own_address(reverse("schedules"))
    given = {"address": address, "what": run.get_outcome_display(), "schedules": schedules}
    said = gettext("%(what)s:\n\n%(address)s\n\nYour schedules: %(schedules)s\n")
    return said % given


def _mail(to: str, title: str, body: str) -> None:
    secret_files.version()  # so that a new password of the mail server counts
    try:
        EmailMessage(title, body, to=[to]).send()
    except OSError as error:
        logger.error("the end of a schedule's run could not be mailed: %s", type(error).__name__)
