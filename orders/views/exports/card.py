"""An export in words: what it holds, how far it is, what became of it."""

from dataclasses import dataclass
from functools import cached_property

from django.http import QueryDict
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from orders import exports, services
from orders.domain.descriptions import Description
from orders.exports import Progress
from orders.exports.engine.formats import format_of
from orders.exports.models import Export
from orders.presentation.columns import columns_for
from orders.presentation.failure_texts import FAILURES
from orders.presentation.filtersets import FILTERSETS
from orders.presentation.filtersets.parameters import SELECTED
from orders.presentation.numbers import grouped
from orders.presentation.texts.plain_words import theirs
from orders.views.shared.date_range_notice import range_words
from orders.views.shared.export_menu import filter_words, selected_words
from orders.views.shared.query_strings import list_address
from orders.views.shared.upstream_words import UpstreamWords, upstream_words

State = Export.State

TONES = {
    State.WAITING: "wait",
    State.RUNNING: "busy",
    State.COMPLETE: "good",
    State.PARTIAL: "bad",
    State.FAILED: "bad",
    State.CANCELLED: "off",
    State.EXPIRED: "off",
}


@dataclass(frozen=True)
class ExportCard:
    """One export as its pages show it; its reader `has_default` where lists open with a view of theirs."""

    export: Export
    has_default: bool = False

    @cached_property
    def upstream(self) -> UpstreamWords:
        return upstream_words(self.export.source)

    @cached_property
    def description(self) -> Description | None:
        """None of an upstream that is gone; a file of it is still there."""
        return next((each for each in services.sources() if each.name == self.export.source), None)

    @property
    def title(self) -> str:
        if self.export.is_portfolio:
            return gettext("%(label)s portfolio") % {"label": self.upstream.label}
        return f"{self.upstream.label} {self.export.customer_id}"

    @property
    def tone(self) -> str:
        return TONES[State(self.export.state)]

    @property
    def format_words(self) -> str:
        return str(format_of(self.export.format, self.export.dialect).words)

    @cached_property
    def filters(self) -> list[str]:
        given = QueryDict(self.export.query)
        known = FILTERSETS.get(self.export.source)
        return [*selected_words(given), *(filter_words(known(given)) if known else _as_given(given))]

    @property
    def history_address(self) -> str:
        if self.export.is_portfolio:
            chosen = self.chosen.urlencode()
            return f"{reverse('portfolio')}?{chosen}" if chosen else reverse("portfolio")
        return list_address(
            self.export.source,
            self.export.customer_id,
            QueryDict(self.export.query),
            has_default=self.has_default,
        )

    @property
    def chosen(self) -> QueryDict:
        """The accounts and sets of a file over several customers, as an address names them."""
        query = QueryDict(mutable=True)
        query.setlist("account", list(map(str, self.export.accounts)))
        query.setlist("set", self.export.account_sets)
        return query

    @property
    def customers_words(self) -> str:
        count = self.export.customers
        return ngettext("%(count)s customer", "%(count)s customers", count) % {"count": grouped(count)}

    @property
    def again_address(self) -> str:
        """Where the same can be asked for again."""
        if not self.export.is_portfolio:
            return self.history_address
        query = QueryDict(self.export.query, mutable=True)
        for name, values in self.chosen.lists():
            query.setlist(name, list(map(str, values)))
        query["source"] = self.export.source
        return f"{reverse('export-portfolio')}?{query.urlencode()}"

    @property
    def covers(self) -> str:
        """The range of time that the file holds, its end pinned to the instant it was asked for."""
        if self.description and not self.description.pages_upstream:
            return gettext("Every order that %(label)s sends; it knows no range of time") % {
                "label": self.upstream.label
            }
        given = QueryDict(self.export.query)
        start = self.export.searched_from or given.get("start-date", "")
        end = self.export.searched_to or self.export.pinned_end
        return f"{range_words(start, end)} UTC"

    @property
    def size(self) -> str:
        return filesizeformat(self.export.file_size) if self.export.file_size is not None else ""

    @property
    def columns(self) -> str:
        """The chosen columns, or that all of them were."""
        chosen: list[str] = self.export.columns
        if chosen:
            return ", ".join(chosen)
        if self.export.rows == Export.Rows.BOTH or not self.description:
            return gettext("all")
        count = len(columns_for(self.export.source, self.export.rows))
        return gettext("all %(count)s") % {"count": count}

    @cached_property
    def progress(self) -> Progress:
        return exports.progress(self.export)

    @property
    def percent(self) -> int | None:
        """Whole, and never 100 before the end: the last steps are checks, not pages."""
        fraction = self.progress.fraction
        return None if fraction is None else min(99, int(fraction * 100))

    @property
    def pages_words(self) -> str:
        total = self.progress.total_pages
        return _of(self.progress.pages, total)

    @property
    def orders_words(self) -> str:
        total = self.export.total_count
        return _of(self.progress.orders, total)

    @property
    def orders_in_file(self) -> str:
        return grouped(self.export.orders_done)

    @property
    def rows_words(self) -> str:
        return grouped(self.export.rows_done)

    @property
    def rate_words(self) -> str:
        rate = self.progress.rate
        return "" if not rate else gettext("%(rate)s orders a second") % {"rate": grouped(round(rate))}

    @property
    def time_left(self) -> str:
        """`about 40 seconds`, `about 3 minutes`: no more exact than anybody can know."""
        seconds = self.progress.seconds_left
        if seconds is None:
            return ""
        if seconds < 60:
            tens = max(10, -(-int(seconds) // 10) * 10)
            return gettext("about %(count)s seconds") % {"count": tens}
        minutes = round(seconds / 60)
        return ngettext("about %(count)s minute", "about %(count)s minutes", minutes) % {"count": minutes}

    @cached_property
    def before_it(self) -> int:
        """How many exports, of anybody, were asked for earlier and still wait."""
        return Export.objects.filter(state=State.WAITING, made_at__lt=self.export.made_at).count()

    @property
    def turn_words(self) -> str:
        if self.before_it == 0:
            return gettext("It is the next to be made.")
        return ngettext(
            "%(count)s other export was asked for before it.",
            "%(count)s other exports were asked for before it.",
            self.before_it,
        ) % {"count": grouped(self.before_it)}

    @property
    def failure_title(self) -> str:
        words = FAILURES.get(self.export.error_cause) or FAILURES.get(f"{self.export.error_cause}-customer")
        if words is None:
            return gettext("It could not be finished")
        return words.title_for(self.upstream.long_label)

    @property
    def stopped_at(self) -> str:
        """The page that could not be had, or the customer, counted from one."""
        total = self.progress.total_pages
        if self.export.is_portfolio:
            return gettext("customer %(number)s") % {"number": _of(self.export.pages_done + 1, total)}
        return gettext("page %(number)s") % {"number": _of(self.export.pages_done + 1, total)}

    @property
    def verdict(self) -> str:
        """What somebody who is asked whether the file is right can answer."""
        upstream, total = self.upstream.label, self.export.total_count
        rows = self.export.rows_done
        said = {"orders": self.orders_in_file, "rows": self.rows_words, "upstream": upstream}
        selected = QueryDict(self.export.query).getlist(SELECTED)
        if selected:
            return ngettext(
                "Of the %(orders)s orders in this range, the file has no others than the %(count)s that were "
                "selected, in %(rows)s row.",
                "Of the %(orders)s orders in this range, the file has no others than the %(count)s that were "
                "selected, in %(rows)s rows.",
                rows,
            ) % {**said, "count": grouped(len(selected))}
        if "lines=mixed" in self.export.query.split("&"):
            return (
                ngettext(
                    "Of the %(orders)s orders in this range, the file has those whose lines disagree, "
                    "in %(rows)s row.",
                    "Of the %(orders)s orders in this range, the file has those whose lines disagree, "
                    "in %(rows)s rows.",
                    rows,
                )
                % said
            )
        if total is None or total != self.export.orders_done:
            return gettext("The file holds %(orders)s orders in %(rows)s rows.") % said
        if total == 0:
            return (
                gettext("%(upstream)s counts no order in this range, so the file has its heading alone.")
                % said
            )
        if total == 1:
            return (
                ngettext(
                    "The one order that %(upstream)s counts is in the file, in %(rows)s row.",
                    "The one order that %(upstream)s counts is in the file, in %(rows)s rows.",
                    rows,
                )
                % said
            )
        return (
            ngettext(
                "All %(orders)s orders that %(upstream)s counts are in the file, in %(rows)s row.",
                "All %(orders)s orders that %(upstream)s counts are in the file, in %(rows)s rows.",
                rows,
            )
            % said
        )

    @property
    def unreadable(self) -> list[tuple[str, str]]:
        """(column, how many of its values could not be read)"""
        return [(column, grouped(count)) for column, count in self.export.unreadable.items()]

    @property
    def what_happened(self) -> SafeString | str:
        """Kept in English: in the reader's language where it is a sentence of ours, else as it came."""
        kept = self.export.error_message
        words = gettext(kept) if kept else ""
        return words if words != kept else theirs(kept)

    @property
    def can_fetch_rest(self) -> bool:
        return self.export.state in (State.FAILED, State.PARTIAL) and self.description is not None

    @property
    def can_offer_what_there_is(self) -> bool:
        return self.export.state == State.FAILED and self.export.orders_done > 0

    @property
    def announcement(self) -> str:
        return f"{self.title}: {self.export.get_state_display()}"


def _as_given(filters: QueryDict) -> list[str]:
    return [f"{name}={value}" for name, values in filters.lists() if name != SELECTED for value in values]


def _of(done: int, total: int | None) -> str:
    """`12 of 34`, or `12` where nobody knows how many there are."""
    if total is None:
        return grouped(done)
    return gettext("%(done)s of %(total)s") % {"done": grouped(done), "total": grouped(total)}
