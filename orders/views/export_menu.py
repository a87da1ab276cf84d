"""The export menu of a history page: how many orders, what the file covers, and the choices."""

from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.contrib.auth.models import User
from django.http import QueryDict
from django.urls import reverse

from orders import presets
from orders.access import known_rights
from orders.domain.descriptions import Description
from orders.domain.results import ResultPage
from orders.filtersets.base import UpstreamFilterSet
from orders.views.addresses import clean_query
from orders.views.export_requests import FORM_PARAMETERS, IGNORED_PARAMETERS, ExportForm
from orders.views.requests import PortalRequest
from orders.views.windows import WindowNotice


@dataclass(frozen=True)
class ExportMenu:
    """`hidden` carries the filters of the page; a form that only asks is a GET, one that orders is a POST."""

    owner: User
    source: str
    address: str
    words: str
    covers: str
    filters: list[str]
    hidden: list[tuple[str, str]]
    is_in_background: bool
    note: str = ""

    @cached_property
    def form(self) -> ExportForm:
        return ExportForm(self.owner, self.source, None)

    @property
    def choices_key(self) -> str:
        """Where it is the same, what can be chosen is the same."""
        proposed = presets.default_choice(self.owner)
        return f"{self.source} {proposed} {presets.choices(self.owner, self.source)}"

    @property
    def method(self) -> str:
        return "post" if self.is_in_background else "get"


def export_menu(
    request: PortalRequest,
    description: Description,
    customer_id: str,
    filters: UpstreamFilterSet,
    page: ResultPage,
    window: WindowNotice,
) -> ExportMenu | None:
    """None where there is nothing to export, or for a person who may not."""
    if page.total_count == 0 or not known_rights(request.user).may_export:
        return None
    in_background = page.total_count is not None and page.total_count > settings.EXPORT_INLINE_MAX
    return ExportMenu(
        owner=request.user,
        source=description.name,
        address=reverse("export", args=[description.name, customer_id]),
        words=_words(page.total_count),
        covers=_covers(description, page, window),
        filters=filter_words(filters),
        hidden=hidden_fields(request.GET, filters),
        is_in_background=in_background,
        note=_note(page, in_background),
    )


def filter_words(filters: UpstreamFilterSet) -> list[str]:
    """The filters in force, several values of one together: `Order type: New, Renewal`."""
    together: dict[str, list[str]] = {}
    for _, _, words in filters.chips():
        label, _, value = words.partition(": ")
        together.setdefault(label, []).append(value)
    return [f"{label}: {', '.join(values)}" for label, values in together.items()]


def hidden_fields(given: QueryDict, filters: UpstreamFilterSet) -> list[tuple[str, str]]:
    """The filters as they stand, without what is the page's or the form's own or nobody's."""
    unknown = set(filters.unknown_parameters(FORM_PARAMETERS | IGNORED_PARAMETERS))
    left_out = FORM_PARAMETERS | IGNORED_PARAMETERS | unknown
    return [
        (name, value)
        for name, values in clean_query(given).lists()
        if name not in left_out
        for value in values
    ]


def _words(total: int | None) -> str:
    if total is None:
        return "Export all orders"
    return f"Export {total:,} order{'s' if total != 1 else ''}"


def _covers(description: Description, page: ResultPage, window: WindowNotice) -> str:
    if not page.is_complete:
        return (
            f"the {page.unfiltered_count} of {page.known_total} orders that {description.short_label} sends"
        )
    if not description.pages_upstream:
        return f"all {page.unfiltered_count} orders that {description.short_label} sends"
    return window.title


def _note(page: ResultPage, in_background: bool) -> str:
    if not page.is_complete:
        return "Its name will begin with PARTIAL_, because the upstream says that more orders exist."
    if in_background:
        return "It is made in the background; you can leave the page meanwhile."
    return ""
