"""The parameters of our addresses: which of them say nothing of the result, and what was given as it looks.

Everybody who has to know which parameters are no filters (pages, files, saved views, links) asks here.
"""

from collections.abc import Callable, Sequence

from django.http import QueryDict

from orders.domain.identifiers import without_unseen

# Which page of the result is shown.
PAGE = frozenset({"limit", "offset", "page"})
# An order's place in the result that it was opened from, counted from 1, and how many that result has;
# which place of a result a reader walks on to.
AT, OF, TO = "at", "of", "to"
# Which view of the list was opened, and which columns it has.
VIEW, COLUMNS = "view", "columns"
# The view that has no filter: what a bare address shows to who has chosen no view to begin with.
EVERYTHING = "all"
# What a file looks like; `file` is rows and format in one, as forms offer them.
FILE = frozenset({"file", "rows", "format", "dialect", "columns", "selection"})
# An order that was selected in the list, for a file of a selection; it repeats. `selection=1` says that the
# file is one, though nothing be selected.
SELECTED, SELECTION = "order", "selection"
# What belongs to one click and never stands in a link: a signed retry, the wish to ask anew or to see what
# was saved, the form's button, a POST's token, that and why a file is to hold personal data.
SINGLE_USE = frozenset(
    {"retry", "fresh", "saved", "show", "partial", "personal", "reason", "csrfmiddlewaretoken"}
)
# Everything that makes no difference to which orders there are.
NO_FILTERS = PAGE | FILE | SINGLE_USE | {VIEW}


Parameters = Sequence[tuple[str, str]]


def several(name: str, *values: str) -> Parameters:
    """One parameter with several values, which mean 'any of these'."""
    return [(name, value) for value in values]


def tidied(given: QueryDict) -> QueryDict:
    """What was given, as it looks: without unseen characters, and blanks are as if they were absent."""
    tidy = QueryDict(mutable=True)
    for name, values in given.lists():
        seen = [plain for value in values if (plain := without_unseen(value))]
        if seen:
            tidy.setlist(name, seen)
    return tidy


def different_values(given: QueryDict, name: str, read: Callable[[str], str] = str) -> list[str]:
    """The values given for a parameter, each once and in order, where `read` makes them comparable."""
    return list(dict.fromkeys(read(value) for value in given.getlist(name)))
