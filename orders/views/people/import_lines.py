"""What a line of an account import would do, as its page shows it."""

from dataclasses import dataclass

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from orders.people.account_import import Plan
from orders.people.account_import.planning import Outcome

# By an outcome's state: its word, and the tone that says whether somebody has to look.
STATES = {
    "new": (_("New"), "good"),
    "changed": (_("Changed"), "wait"),
    "moved": (_("Moved"), "bad"),
    "same": (_("Same"), "off"),
    "error": (_("Error"), "bad"),
}


@dataclass(frozen=True)
class ImportLine:
    """One line's outcome with its word and tone."""

    outcome: Outcome

    @property
    def words(self) -> str:
        return str(STATES[self.outcome.state][0])

    @property
    def tone(self) -> str:
        return STATES[self.outcome.state][1]


def button_words(plan: Plan) -> str:
    """`Import all 12 lines, and move 1 customer`: what the button does, moves said aloud."""
    number, moved = len(plan.outcomes), plan.counts["moved"]
    lines = ngettext("Import all %(number)s line", "Import all %(number)s lines", number) % {"number": number}
    if not moved:
        return lines
    moving = ngettext("move %(moved)s customer", "move %(moved)s customers", moved) % {"moved": moved}
    return gettext("%(lines)s, and %(moving)s") % {"lines": lines, "moving": moving}
