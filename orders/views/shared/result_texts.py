"""The few sentences that are made of a result's numbers, for pages and scripts."""

from django.utils.translation import gettext, ngettext

from orders.domain.descriptions import Description
from orders.domain.results import ResultPage
from orders.presentation.numbers import grouped


def position(page: ResultPage) -> str:
    """`Showing 26–50 of 312`."""
    total = page.total_count
    said = {"first": grouped(page.first), "last": grouped(page.last), "total": grouped(total or 0)}
    if not page.rows and not page.lost:
        return gettext("Showing 0 of %(total)s") % said
    if total is None:
        return gettext("Showing %(first)s–%(last)s, total not given") % said
    return gettext("Showing %(first)s–%(last)s of %(total)s") % said


def count_notice(page: ResultPage, description: Description) -> str:
    """Where the upstream's own counts are not what it sent; empty where they agree."""
    label, sent = description.short_label, len(page.rows) + page.lost
    if page.unfiltered_count is not None:
        sent = page.unfiltered_count + page.lost
    said = []
    if page.stated_count is not None:
        text = ngettext(
            "%(label)s says that this answer has %(stated)s order, and sent %(sent)s.",
            "%(label)s says that this answer has %(stated)s orders, and sent %(sent)s.",
            page.stated_count,
        )
        said.append(text % {"label": label, "stated": grouped(page.stated_count), "sent": grouped(sent)})
    if page.stated_total is not None:
        text = ngettext(
            "%(label)s counts %(stated)s order in all, fewer than it sent.",
            "%(label)s counts %(stated)s orders in all, fewer than it sent.",
            page.stated_total,
        )
        said.append(text % {"label": label, "stated": grouped(page.stated_total)})
    return " ".join(said)


def lines_not_applied(page: ResultPage) -> str:
    """Why orders are not chosen by their lines here, and what helps."""
    shown = grouped(len(page.rows) + page.lost)
    if page.total_count is None:
        where = gettext("This page has %(shown)s orders of more.") % {"shown": shown}
    else:
        where = gettext("This page has %(shown)s of %(total)s orders.") % {
            "shown": shown,
            "total": grouped(page.total_count),
        }
    why = gettext(
        "Which orders’ lines disagree can be told only where the whole result is at hand. All are shown; "
        "those whose lines disagree are marked. Narrow the dates or other filters, or make a file: it holds "
        "exactly the orders you ask for."
    )
    return f"{where} {why}"


def blank(page: ResultPage, description: Description, *, is_filtered: bool) -> tuple[str, str]:
    """Title and text for an empty list: no match is not the same as nothing in the window."""
    if page.total_count and page.offset == page.total_count:
        before = ngettext(
            "The one order stands before this place.",
            "All %(total)s orders stand before this place.",
            page.total_count,
        )
        return gettext("The end of the list"), before % {"total": grouped(page.total_count)}
    if page.unfiltered_count:
        return (
            gettext("No match"),
            ngettext(
                "The one order that %(label)s sent does not match these filters.",
                "None of the %(unfiltered_count)s orders that %(label)s sent matches these filters.",
                page.unfiltered_count,
            )
            % {"unfiltered_count": grouped(page.unfiltered_count), "label": description.short_label},
        )
    if page.lost:
        return (
            gettext("Nothing that could be read"),
            gettext("%(label)s sent orders, and none of those on this page could be read.")
            % {"label": description.short_label},
        )
    if not description.pages_upstream:
        return (
            gettext("None"),
            gettext("%(label)s knows this customer and sent no orders.") % {"label": description.short_label},
        )
    if "created_from" not in description.supports:
        return (
            (
                gettext("No match"),
                gettext("No order that %(label)s has matches these filters.")
                % {"label": description.short_label},
            )
            if is_filtered
            else (
                gettext("None"),
                gettext("%(label)s knows this customer and has no orders.")
                % {"label": description.short_label},
            )
        )
    if is_filtered:
        return (
            gettext("No match in this window"),
            gettext(
                "No order created in the range above matches these filters. There may be some outside it."
            ),
        )
    return (
        gettext("None in this window"),
        gettext("No order was created in the range above. There may be some in earlier terms."),
    )
