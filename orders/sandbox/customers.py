"""The customers the sandbox knows by heart: their IDs, and what each one shows."""

from dataclasses import dataclass

from orders.sandbox.http.faults import FaultEntry


@dataclass(frozen=True)
class Customer:
    id: str
    source: str
    shows: str
    # A customer with a fault answers every request with it.
    fault: FaultEntry = None


ADOBE_LARGE = "1000000137"
ADOBE_SMALL = "1000000007"
ADOBE_EDUCATION = "1000000048"
ADOBE_LEADING_ZERO = "0042000017"
ADOBE_PREFIXED = "P1000000023"
ADOBE_OLD_TERM = "1000000019"
ADOBE_EMPTY = "1000000000"
ADOBE_ODD = "1000000066"
ADOBE_MARKUP = "1000000067"
ADOBE_HUGE = "1000010000"
ADOBE_MOVING = "1000000777"

# What stands beside the orders: accounts, terms, subscriptions, returns.
ADOBE_ORDINARY = "1000002001"
ADOBE_LEAP_DAY = "1000002029"
ADOBE_EARLY_RENEWAL = "1000002002"
ADOBE_COMMITTED = "1000002003"
ADOBE_NONCOMPLIANT = "1000002013"
ADOBE_ACCEPTED = "1000002023"
ADOBE_LICENCES_ONLY = "1000002033"
ADOBE_EMPTY_COMMITMENT = "1000002043"
ADOBE_EXTENDED_TERM = "1000002004"
ADOBE_MIGRATED = "1000002014"
ADOBE_LAPSED = "1000002005"
ADOBE_ONE_OFF_ITEMS = "1000002015"
ADOBE_PENDING = "1000002025"
ADOBE_GLOBAL = "1000002006"
ADOBE_FOUR_ROWS = "1000002007"
ADOBE_RETURNS = "1000002009"
ADOBE_MOVED = "1000002019"
ADOBE_BARE = "1000002039"
ADOBE_BLOCKED = "1000002012"
ADOBE_SANCTIONED = "1000002022"
ADOBE_NEW_STATUS = "1000002077"

ADOBE_RESELLER = "1000004242"
ADOBE_OLD_RESELLER = "0005000311"
ADOBE_BIG_RESELLER = "1000009000"

ADOBE_BAD_PARAMETER = "1000000400"
ADOBE_UNAUTHORIZED = "1000000401"
ADOBE_FORBIDDEN = "1000000403"
ADOBE_UNKNOWN = "1000000404"
ADOBE_TIMEOUT = "1000000408"
ADOBE_OVERSIZED = "1000000413"
ADOBE_RATE_LIMITED = "1000000429"
ADOBE_RESET = "1000000444"
ADOBE_INTERNAL_ERROR = "1000000500"
ADOBE_HTML = "1000000502"
ADOBE_UNAVAILABLE = "1000000503"
ADOBE_GATEWAY_TIMEOUT = "1000000504"
ADOBE_NOT_JSON = "1000000200"
ADOBE_CUT = "1000000201"
ADOBE_WRONG_SHAPE = "1000000202"
ADOBE_REDIRECT = "1000000302"
ADOBE_DRIP = "1000000598"
ADOBE_SLOW = "1000000599"
ADOBE_ECHO = "1000000999"

FABRIC_MAIN = "65a0c0de0000000000000001"
FABRIC_LIVE = "65a0c0de0000000000000002"
# The orders of FABRIC_LIVE in the documented dialect: both pages should look the same.
FABRIC_LIVE_TWIN = "65a0c0de0000000000000003"
FABRIC_CALM = "65a0c0de0000000000000004"
FABRIC_PAGED = "65a0c0de0000000000000057"
FABRIC_SHORT = "65a0c0de0000000000002057"
FABRIC_LETTER_OFFSET = "65a0c0de0000000000003057"
FABRIC_LONG = "65a0c0de0000000000001500"
FABRIC_PARTIAL = "65a0c0de0000000000000206"
FABRIC_ODD = "65a0c0de0000000000000066"
FABRIC_MARKUP = "65a0c0de0000000000000067"
FABRIC_EMPTY = "65a0c0de0000000000000000"

# What stands beside the orders: the customer and their subscriptions.
FABRIC_SWITCHED_OFF = "65a0c0de0000000000000101"
FABRIC_BARE = "65a0c0de0000000000000102"
FABRIC_STRANGERS = "65a0c0de0000000000000103"
FABRIC_SLOW_PANELS = "65a0c0de0000000000000104"

_F = "0000000000000000000f0"
FABRIC_BAD_REQUEST = _F + "400"
FABRIC_UNAUTHORIZED = _F + "401"
FABRIC_FORBIDDEN = _F + "403"
FABRIC_UNKNOWN = _F + "404"
FABRIC_TIMEOUT = _F + "408"
FABRIC_OVERSIZED = _F + "413"
FABRIC_RATE_LIMITED = _F + "429"
FABRIC_RESET = _F + "444"
FABRIC_INTERNAL_ERROR = _F + "500"
FABRIC_HTML = _F + "502"
FABRIC_UNAVAILABLE = _F + "503"
FABRIC_GATEWAY_TIMEOUT = _F + "504"
FABRIC_NOT_JSON = _F + "200"
FABRIC_CUT = _F + "201"
FABRIC_WRONG_SHAPE = _F + "202"
FABRIC_NO_DATA = _F + "210"
FABRIC_REFUSED_IN_200 = _F + "299"
FABRIC_REDIRECT = _F + "302"
FABRIC_DRIP = _F + "598"
FABRIC_SLOW = _F + "599"
FABRIC_ECHO = _F + "999"

_ADOBE = [
    Customer(ADOBE_LARGE, "adobe", "312 orders over four years: every type, every status"),
    Customer(ADOBE_SMALL, "adobe", "a young customer with 7 orders"),
    Customer(ADOBE_EDUCATION, "adobe", "a school with 48 orders in GBP"),
    Customer(ADOBE_LEADING_ZERO, "adobe", "23 orders; the customer ID begins with a zero"),
    Customer(ADOBE_PREFIXED, "adobe", "11 orders; all IDs carry a letter in front"),
    Customer(ADOBE_OLD_TERM, "adobe", "9 orders, none of them in the current term"),
    Customer(ADOBE_EMPTY, "adobe", "no orders at all"),
    Customer(ADOBE_ODD, "adobe", "every odd row we know of: null, text, missing and wrong fields"),
    Customer(ADOBE_MARKUP, "adobe", "HTML, scripts, formulas and long text in every text field"),
    Customer(ADOBE_HUGE, "adobe", "10,000 orders, for exports"),
    Customer(ADOBE_MOVING, "adobe", "60 orders whose total differs on every page", "moving-total"),
    Customer(ADOBE_ORDINARY, "adobe", "renews in five months; three products, levels 02 and T1"),
    Customer(ADOBE_LEAP_DAY, "adobe", "renews on the next 29 February"),
    Customer(ADOBE_EARLY_RENEWAL, "adobe", "renewed early twelve days ago; half of that was returned"),
    Customer(ADOBE_COMMITTED, "adobe", "three-year commitment, and a higher one asked for"),
    Customer(ADOBE_NONCOMPLIANT, "adobe", "three-year commitment, its minimum missed"),
    Customer(ADOBE_ACCEPTED, "adobe", "three-year commitment agreed; 20 days left to order the minimum"),
    Customer(ADOBE_LICENCES_ONLY, "adobe", "commitment for licences alone, no level for transactions"),
    Customer(ADOBE_EMPTY_COMMITMENT, "adobe", "a commitment whose three parts are all null"),
    Customer(ADOBE_EXTENDED_TERM, "adobe", "first term of three years, of which 27 months are left"),
    Customer(ADOBE_MIGRATED, "adobe", "came from VIP: its term began before its account"),
    Customer(ADOBE_LAPSED, "adobe", "lapsed: no level, every subscription expired"),
    Customer(ADOBE_ONE_OFF_ITEMS, "adobe", "credit packs alone; its renewal date is three years old"),
    Customer(ADOBE_PENDING, "adobe", "status 1002, no renewal date, no order yet"),
    Customer(ADOBE_GLOBAL, "adobe", "31 deployments in EUR and JPY"),
    Customer(ADOBE_FOUR_ROWS, "adobe", "one product four times: active, scheduled twice, expired"),
    Customer(ADOBE_RETURNS, "adobe", "orders 13, 14 and 15 days old; every kind of return"),
    Customer(ADOBE_MOVED, "adobe", "404, code 1116 on everything: moved to another partner"),
    Customer(ADOBE_BARE, "adobe", "no address, no contacts, a linked membership as a list"),
    Customer(ADOBE_BLOCKED, "adobe", "status 1012: blocked"),
    Customer(ADOBE_SANCTIONED, "adobe", "status 1022, announced and not yet explained"),
    Customer(ADOBE_NEW_STATUS, "adobe", "a status that nobody has documented"),
    Customer(ADOBE_BAD_PARAMETER, "adobe", "400, code 1132", 400),
    Customer(ADOBE_UNAUTHORIZED, "adobe", "401, however often the token is renewed", 401),
    Customer(
        ADOBE_FORBIDDEN,
        "adobe",
        "403 from the gateway",
        {"status": 403, "body": {"error_code": "403003", "message": "Api Key is invalid"}},
    ),
    Customer(ADOBE_UNKNOWN, "adobe", "404, code 1116: no such customer"),
    Customer(ADOBE_TIMEOUT, "adobe", "no answer, ever", "timeout"),
    Customer(ADOBE_OVERSIZED, "adobe", "an answer of more than 40 MB", "oversized"),
    Customer(
        ADOBE_RATE_LIMITED,
        "adobe",
        "429 with Retry-After: 30, always",
        {"status": 429, "retry_after": 30},
    ),
    Customer(ADOBE_RESET, "adobe", "the connection is reset", "reset"),
    Customer(ADOBE_INTERNAL_ERROR, "adobe", "500, code 1124", 500),
    Customer(ADOBE_HTML, "adobe", "502 with an HTML page", "html-502"),
    Customer(ADOBE_UNAVAILABLE, "adobe", "503 from the gateway", 503),
    Customer(ADOBE_GATEWAY_TIMEOUT, "adobe", "504 from the gateway", "gateway-504"),
    Customer(ADOBE_NOT_JSON, "adobe", "200, but not JSON", "not-json"),
    Customer(ADOBE_CUT, "adobe", "200, cut short", "cut"),
    Customer(ADOBE_WRONG_SHAPE, "adobe", "200, JSON of another shape", "wrong-shape"),
    Customer(ADOBE_REDIRECT, "adobe", "a redirect to another host", "redirect"),
    Customer(ADOBE_DRIP, "adobe", "5 orders, one byte every 0.2 seconds", "drip-body"),
    Customer(ADOBE_SLOW, "adobe", "5 orders, after two seconds", "slow"),
    Customer(ADOBE_ECHO, "adobe", "403 that repeats our own credentials", "echo-token"),
]
_FABRIC = [
    Customer(FABRIC_MAIN, "fabric", "two years of orders, every status and retry state"),
    Customer(FABRIC_LIVE, "fabric", "every status and retry state, as the live system spells it"),
    Customer(FABRIC_LIVE_TWIN, "fabric", "the same orders, as the documentation spells them"),
    Customer(FABRIC_CALM, "fabric", "26 orders, all well"),
    Customer(FABRIC_PAGED, "fabric", "57 orders, 20 a page, limit and offset honoured"),
    Customer(FABRIC_SHORT, "fabric", "57 orders, of which only 20 are ever sent"),
    Customer(FABRIC_LETTER_OFFSET, "fabric", '57 orders, 20 a page; the offset reads "t"'),
    Customer(FABRIC_LONG, "fabric", "1,500 orders in one answer"),
    Customer(FABRIC_PARTIAL, "fabric", "partial success: orders and a list of errors"),
    Customer(FABRIC_ODD, "fabric", "every odd order we know of: null, text, missing, wrong"),
    Customer(FABRIC_MARKUP, "fabric", "HTML, scripts and formulas in every text field"),
    Customer(FABRIC_EMPTY, "fabric", "no orders at all"),
    Customer(FABRIC_SWITCHED_OFF, "fabric", "an active customer, all of whose subscriptions are off"),
    Customer(
        FABRIC_BARE, "fabric", "the customer comes without an envelope; an offer is {}, the card expired"
    ),
    Customer(FABRIC_STRANGERS, "fabric", "subscriptions of a stranger among one's own; one is gone"),
    Customer(FABRIC_SLOW_PANELS, "fabric", "orders at once, customer and subscriptions after three seconds"),
    Customer(FABRIC_BAD_REQUEST, "fabric", "400: invalid customer ID", 400),
    Customer(FABRIC_UNAUTHORIZED, "fabric", "401, however often the token is renewed", 401),
    Customer(FABRIC_FORBIDDEN, "fabric", "403: the token is refused", 403),
    Customer(FABRIC_UNKNOWN, "fabric", "404: no such customer"),
    Customer(FABRIC_TIMEOUT, "fabric", "no answer, ever", "timeout"),
    Customer(FABRIC_OVERSIZED, "fabric", "an answer of more than 40 MB", "oversized"),
    Customer(
        FABRIC_RATE_LIMITED,
        "fabric",
        "429 with Retry-After: 30, always",
        {"status": 429, "retry_after": 30},
    ),
    Customer(FABRIC_RESET, "fabric", "the connection is reset", "reset"),
    Customer(FABRIC_INTERNAL_ERROR, "fabric", "500", 500),
    Customer(FABRIC_HTML, "fabric", "502 with an HTML page", "html-502"),
    Customer(FABRIC_UNAVAILABLE, "fabric", "503", 503),
    Customer(FABRIC_GATEWAY_TIMEOUT, "fabric", "504 from the gateway", "gateway-504"),
    Customer(FABRIC_NOT_JSON, "fabric", "200, but not JSON", "not-json"),
    Customer(FABRIC_CUT, "fabric", "200, cut short", "cut"),
    Customer(FABRIC_WRONG_SHAPE, "fabric", "200, JSON of another shape", "wrong-shape"),
    Customer(
        FABRIC_NO_DATA,
        "fabric",
        "200 whose data is null",
        {"status": 200, "body": {"responseStatus": "OK", "message": "", "data": None}},
    ),
    Customer(FABRIC_REFUSED_IN_200, "fabric", "200 that says BAD_REQUEST", "refused-in-200"),
    Customer(FABRIC_REDIRECT, "fabric", "a redirect to another host", "redirect"),
    Customer(FABRIC_DRIP, "fabric", "26 orders, one byte every 0.2 seconds", "drip-body"),
    Customer(FABRIC_SLOW, "fabric", "26 orders, after two seconds", "slow"),
    Customer(FABRIC_ECHO, "fabric", "403 that repeats our own token", "echo-token"),
]

ALL: tuple[Customer, ...] = (*_ADOBE, *_FABRIC)
BY_SOURCE_AND_ID = {(customer.source, customer.id): customer for customer in ALL}


def fault_of(source: str, customer_id: str | None) -> FaultEntry:
    customer = BY_SOURCE_AND_ID.get((source, customer_id or ""))
    return customer.fault if customer else None
