"""Files of accounts as people and programs write them, and what would become of them."""

from orders.people.account_import import decode, read
from orders.people.account_import.planning import Known, Plan, make_plan

HEADING = "account,reseller_id,source,customer_id,manager\n"
NOTHING_STORED = Known(sources=("adobe", "fabric"), people={"milo": 1, "mona": 2})


def plan_of(content: str | bytes, known: Known = NOTHING_STORED) -> Plan:
    """The plan for a whole file, given as bytes or as text."""
    text = decode(content).text if isinstance(content, bytes) else content
    return make_plan(read(text).lines, known)


def states(lines: str, known: Known = NOTHING_STORED) -> list[tuple[int, str]]:
    """Number and outcome of each line below the usual heading."""
    return [(each.line, each.state) for each in plan_of(HEADING + lines, known).outcomes]


def texts(lines: str, known: Known = NOTHING_STORED) -> list[str]:
    return [each.text for each in plan_of(HEADING + lines, known).outcomes]
