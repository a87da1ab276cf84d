"""An export in words: what it holds, how far it is, what became of it."""

from dataclasses import dataclass
from functools import cached_property

from django.http import QueryDict
from django.template.defaultfilters import filesizeformat
from django.urls import reverse

from orders import exports, services
from orders.columns import columns_for
from orders.domain.descriptions import Description
from orders.exports import Progress
from orders.failure_words import FAILURES
from orders.filtersets import FILTERSETS
from orders.models import Export
from orders.views.export_menu import filter_words
from orders.views.windows import range_words

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
    """One export as its pages show it."""

    export: Export

    @cached_property
    def description(self) -> Description:
        return services.describe(self.export.source)

    @property
    def title(self) -> str:
        return f"{self.description.short_label} {self.export.customer_id}"

    @property
    def tone(self) -> str:
        return TONES[State(self.export.state)]

    @property
    def format_words(self) -> str:
        words = str(self.export.get_format_display())
        return f"{words} for Excel" if self.export.dialect == "excel" else words

    @cached_property
    def filters(self) -> list[str]:
        return filter_words(FILTERSETS[self.export.source](QueryDict(self.export.query)))

    @property
    def history_address(self) -> str:
        address = reverse("history", args=[self.export.source, self.export.customer_id])
        return f"{address}?{self.export.query}" if self.export.query else address

    @property
    def covers(self) -> str:
        """The range of time that the file holds, its end pinned to the instant it was asked for."""
        if not self.description.pages_upstream:
            return f"Every order that {self.description.short_label} sends; it knows no range of time"
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
        if self.export.rows == Export.Rows.BOTH:
            return "all"
        return f"all {len(columns_for(self.export.source, self.export.rows))}"

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
        return f"{self.progress.pages:,}" + (f" of {total:,}" if total is not None else "")

    @property
    def orders_words(self) -> str:
        total = self.export.total_count
        return f"{self.progress.orders:,}" + (f" of {total:,}" if total is not None else "")

    @property
    def orders_in_file(self) -> str:
        return f"{self.export.orders_done:,}"

    @property
    def rows_words(self) -> str:
        return f"{self.export.rows_done:,}"

    @property
    def rate_words(self) -> str:
        rate = self.progress.rate
        return "" if not rate else f"{rate:,.0f} orders a second"

    @property
    def time_left(self) -> str:
        """`about 40 seconds`, `about 3 minutes`: no more exact than anybody can know."""
        seconds = self.progress.seconds_left
        if seconds is None:
            return ""
        if seconds < 60:
            tens = max(10, -(-int(seconds) // 10) * 10)
            return f"about {tens} seconds"
        minutes = round(seconds / 60)
        return f"about {minutes} minute{'s' if minutes != 1 else ''}"

    @cached_property
    def before_it(self) -> int:
        """How many exports, of anybody, were asked for earlier and still wait."""
        return Export.objects.filter(state=State.WAITING, made_at__lt=self.export.made_at).count()

    @property
    def turn_words(self) -> str:
        if self.before_it == 0:
            return "It is the next to be made."
        plural = "s were" if self.before_it != 1 else " was"
        return f"{self.before_it} other export{plural} asked for before it."

    @property
    def failure_title(self) -> str:
        words = FAILURES.get(self.export.error_cause) or FAILURES.get(f"{self.export.error_cause}-customer")
        if words is None:
            return "It could not be finished"
        return words.title.format(label=self.description.label)

    @property
    def stopped_at(self) -> str:
        """The page that could not be had, counted from one."""
        total = self.progress.total_pages
        return f"page {self.export.pages_done + 1:,}" + (f" of {total:,}" if total is not None else "")

    @property
    def verdict(self) -> str:
        """What somebody who is asked whether the file is right can answer."""
        upstream, total = self.description.short_label, self.export.total_count
        if total is None or total != self.export.orders_done:
            return f"The file holds {self.export.orders_done:,} orders in {self.rows_words} rows."
        if total == 0:
            return f"{upstream} counts no order in this range, so the file has its heading alone."
        orders = f"All {total:,} orders that {upstream} counts are"
        if total == 1:
            orders = f"The one order that {upstream} counts is"
        return f"{orders} in the file, in {self.rows_words} row{'s' if self.export.rows_done != 1 else ''}."

    @property
    def can_fetch_rest(self) -> bool:
        return self.export.state in (State.FAILED, State.PARTIAL)

    @property
    def can_offer_what_there_is(self) -> bool:
        return self.export.state == State.FAILED and self.export.orders_done > 0

    @property
    def announcement(self) -> str:
        return f"{self.title}: {self.export.get_state_display()}"
