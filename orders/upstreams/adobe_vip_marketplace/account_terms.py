"""Adobe's codes for accounts and what they own, in our words. Orders use some of them in another sense.

https://developer.adobe.com/vipmp/docs/references/resources/ and …/docs/customer-account/three-year-commit/
"""

from functools import lru_cache

from orders.domain import terms
from orders.domain.terms import Term, vocabulary
from orders.domain.translatable import gettext_noop as _

CUSTOMER_STATUSES = vocabulary(
    Term("1000", _("Active"), "good", _("The account may order.")),
    Term("1002", _("Pending"), "busy", _("Adobe still checks it; orders fail if it ends up inactive.")),
    Term("1004", _("Inactive"), "bad", _("The account is not active at Adobe.")),
    Term("1010", _("Address invalid"), "bad", _("Adobe does not accept the account's address.")),
    Term("1012", _("Blocked"), "bad", _("Adobe has blocked the account.")),
    Term("1014", _("Duplicate account"), "bad", _("Adobe has an account with this company and admin.")),
    Term("1022", _("Sanctioned"), "bad", _("Adobe has announced this status for sanctioned accounts.")),
    Term("1023", _("Being screened"), "wait", _("Adobe has announced this status for accounts it screens.")),
    Term("1024", _("Duplicate account"), "bad", _("One page of Adobe's says so of this status.")),
)

SUBSCRIPTION_STATUSES = vocabulary(
    Term("1000", _("Active"), "good", _("It can be used now.")),
    Term("1002", _("In progress"), "busy", _("An order or a renewal of it is under way.")),
    Term("1004", _("Expired"), "off", _("It is over, or all its seats were returned.")),
    Term("1009", _("Scheduled"), "wait", _("It starts at the next renewal, and has no seats until then.")),
)

SEGMENTS = vocabulary(Term("COM", _("Commercial")), Term("EDU", _("Education")), Term("GOV", _("Government")))

# Percentages stand in one of Adobe's diagrams, marked approximate: none is shown.
LICENCE_LEVELS = vocabulary(
    Term("01", _("1 to 9 licences")),
    Term("02", _("10 to 49 licences")),
    Term("03", _("50 to 99 licences")),
    Term("04", _("100 licences or more")),
    Term("06", _("large government agency, 100 licences or more")),
    Term("07", _("large government agency, 1,000 licences or more")),
    Term("08", _("large government agency, 5,000 licences or more")),
    Term("09", _("large government agency, 9,999 licences or more")),
    Term("12", _("10 to 49 licences, committed for three years")),
    Term("13", _("50 to 99 licences, committed for three years")),
    Term("14", _("100 licences or more, committed for three years")),
)

TRANSACTION_LEVELS = vocabulary(
    Term("T1", _("1 to 999 a year")),
    Term("T2", _("from 1,000 a year")),
    Term("T3", _("from 2,500 a year")),
    Term("T4", _("from 5,000 a year")),
    Term("T5", _("from 15,000 a year")),
    Term("T6", _("from 50,000 a year")),
    Term("T7", _("from 100,000 a year")),
    Term("TB", _("from 1,000 a year, committed for three years")),
    Term("TC", _("from 2,500 a year, committed for three years")),
    Term("TD", _("from 5,000 a year, committed for three years")),
    Term("TE", _("from 15,000 a year, committed for three years")),
    Term("TF", _("from 50,000 a year, committed for three years")),
    Term("TG", _("from 100,000 a year, committed for three years")),
)

COMMITMENT_STATUSES = vocabulary(
    Term("REQUESTED", _("Offered"), "wait", _("The customer's admin has not answered yet.")),
    Term(
        "ACCEPTED", _("Agreed"), "wait", _("The minimum is not ordered yet; until then there is no benefit.")
    ),
    Term("COMMITTED", _("Running"), "good", _("The customer has its prices.")),
    Term("ACTIVE", _("Running"), "good", _("The customer has its prices.")),
    Term("NONCOMPLIANT", _("Minimum missed"), "bad", _("It was agreed, and the minimum was not kept.")),
    Term("DECLINED", _("Refused"), "off", _("The customer did not want it.")),
    Term("EXPIRED", _("Over"), "off", _("It has ended.")),
    Term("INACTIVE", _("Off"), "off", _("It is not in force.")),
)


@lru_cache(maxsize=256)
def customer_status(code: str) -> Term:
    return terms.read(CUSTOMER_STATUSES, code)


@lru_cache(maxsize=256)
def subscription_status(code: str) -> Term:
    return terms.read(SUBSCRIPTION_STATUSES, code)


def segment(code: str) -> Term:
    return terms.read(SEGMENTS, code)


def level(offer_type: str, code: str) -> Term:
    """Education has levels of its own under a commitment, with the same codes as without."""
    return terms.read(TRANSACTION_LEVELS if offer_type == "CONSUMABLES" else LICENCE_LEVELS, code)


def commitment_status(code: str) -> Term:
    return terms.read(COMMITMENT_STATUSES, code)
