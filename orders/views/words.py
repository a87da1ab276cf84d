"""The few sentences a history page makes of its numbers."""

from orders.domain.descriptions import Description
from orders.domain.results import ResultPage


def position(page: ResultPage) -> str:
    """`Showing 26–50 of 312`."""
    total = None if page.total_count is None else f"{page.total_count:,}"
    if not page.rows and not page.lost:
        return "Showing 0 of 0" if total in (None, "0") else f"Showing 0 of {total}"
    shown = f"Showing {page.first:,}–{page.last:,}"
    return f"{shown}, total not given" if total is None else f"{shown} of {total}"


def blank(page: ResultPage, description: Description, *, is_filtered: bool) -> tuple[str, str]:
    """Title and text for an empty list: no match is not the same as nothing in the window."""
    if page.unfiltered_count:
        return (
            "No match",
            f"None of the {page.unfiltered_count} orders that {description.short_label} sent "
            "matches these filters.",
        )
    if not description.pages_upstream:
        return (
            "None",
            f"{description.short_label} knows this customer and sent no orders.",
        )
    if "created_from" not in description.supports:
        return (
            ("No match", f"No order that {description.short_label} has matches these filters.")
            if is_filtered
            else ("None", f"{description.short_label} knows this customer and has no orders.")
        )
    if is_filtered:
        return (
            "No match in this window",
            "No order created in the range above matches these filters. There may be some outside it.",
        )
    return (
        "None in this window",
        "No order was created in the range above. There may be some in earlier terms.",
    )
