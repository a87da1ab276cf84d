"""What is said of a customer's running term, its doubts aloud."""

from datetime import date

from orders.domain.term_dates import Doubt, RunningTerm
from orders.presentation.texts.cell_texts import gettext, ngettext
from orders.presentation.texts.phrases import brief_day


def term_words(term: RunningTerm) -> str:
    """`12 Mar 2026 – 11 Mar 2027`, or that none is running; both days belong to it."""
    if term.last_day is None:
        return gettext("No running term")
    if term.first_day is None:
        return gettext("Until %(last)s") % {"last": brief_day(term.last_day)}
    days = {"first": brief_day(term.first_day), "last": brief_day(term.last_day)}
    return gettext("%(first)s – %(last)s") % days


def renewal_words(term: RunningTerm, today: date) -> str:
    """`renews in 105 days`; empty where nothing is running."""
    if term.renews_on is None:
        return ""
    days = (term.renews_on - today).days
    return ngettext("renews in %(days)s day", "renews in %(days)s days", days) % {"days": days}


def term_notes(term: RunningTerm, upstream: str) -> list[str]:
    """One sentence for each doubt, and one on how the days were found."""
    found = [_note(doubt, term) for doubt in term.doubts]
    if term.last_day is not None:
        found.append(
            gettext(
                "The days are read from the renewal date, since %(upstream)s names no start of a term. "
                "The orders it lists without a start date may begin on another day."
            )
            % {"upstream": upstream}
        )
    return found


def _note(doubt: Doubt, term: RunningTerm) -> str:
    days = {
        "ended": brief_day(term.ended_on) if term.ended_on is not None else "",
        "bought_to": brief_day(term.bought_to) if term.bought_to is not None else "",
        "account": brief_day(term.account_date) if term.account_date is not None else "",
    }
    return _sentence(doubt) % days


def _sentence(doubt: Doubt) -> str:
    match doubt:
        case Doubt.NO_ORDER_YET:
            return gettext("There is no renewal date yet: a term begins with the first order.")
        case Doubt.ENDED:
            return gettext("The last term ended on %(ended)s.")
        case Doubt.RENEWS_TODAY:
            return gettext("The renewal runs today, so the days may change at any moment.")
        case Doubt.ONE_OFF_ITEMS:
            return gettext("Only packs are owned, which have days of their own and never move this date.")
        case Doubt.RENEWED_EARLY:
            return gettext("Renewed early: the next term is bought already, to %(bought_to)s.")
        case Doubt.EXTENDED:
            return gettext("An extended first term, longer than a year.")
        case Doubt.START_UNKNOWN:
            return gettext("No order is remembered that says when it began.")
        case Doubt.DATES_DIFFER:
            return gettext(
                "The account itself says %(account)s; most subscriptions renew on the date used here."
            )
        case Doubt.BEFORE_ACCOUNT:
            return gettext("It began before this account: its anniversary came with it from elsewhere.")
        case Doubt.ACCOUNT_DATE_ALONE:
            return gettext("The subscriptions could not be read, so only the account's own date is known.")
