"""What a file holds, in words: for the sheet that a workbook has for it."""

from orders.domain.instants import zulu
from orders.exports.engine.reconciler import Findings
from orders.exports.specification import BOTH, ExportSpec

_ROWS = {
    "orders": "One row per order",
    "lines": "One row per line item",
    BOTH: "Two sheets: orders, and line items",
}


def about_file(spec: ExportSpec, findings: Findings, *, orders: int, rows: int) -> list[tuple[str, str]]:
    """Names and words. They follow from what was asked for and what came: a file that is made again is
    the same.
    """
    missing = findings.missing
    facts = [
        ("File", spec.file_name(is_complete=not missing)),
        ("Upstream", spec.description.label),
        ("Customer", spec.customer_id),
        ("Filters", spec.filters.replace("&", "\n") or "none"),
        ("Selection", f"{len(spec.query.order_ids)} orders, no others" if spec.query.order_ids else ""),
        ("Asked for, UTC", zulu(spec.made_at)),
        ("Covers, UTC", _range(spec, findings)),
        ("Rows are", _ROWS[spec.rows]),
        ("Orders", f"{orders:,}"),
        ("Rows", f"{rows:,}"),
        ("Complete", "yes" if not missing else "no"),
        *(("Missing", sentence) for sentence in missing),
        *((f"Unreadable: {column}", f"{count:,}") for column, count in findings.unreadable.items()),
        ("Personal data", "in the clear" if spec.reason else "masked or left out"),
        ("Times", "are in UTC."),
        ("IDs", "are text: leading zeros are kept."),
        (
            "Blank cells",
            "have no value upstream, or one that could not be read; the latter are counted above.",
        ),
        ("A leading '", "was added to texts that a spreadsheet could take for a formula."),
    ]
    return [(name, words) for name, words in facts if words]


def _range(spec: ExportSpec, findings: Findings) -> str:
    if not spec.description.pages_upstream:
        return f"every order that {spec.description.short_label} sends"
    start = findings.searched_from or "the start that the upstream chose"
    return f"{start} to {findings.searched_to or spec.pinned_end}"
