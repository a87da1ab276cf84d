"""From Adobe's bytes to the customers of a reseller. Its links lead to others: IDs alone are believed."""

from typing import Any

from orders.domain.resellers import ListedCustomer
from orders.upstreams.adobe_vip_marketplace import account_terms
from orders.upstreams.reading.decoding import Problems, Unreadable, instant, load_exact, text, whole


def parse_customers(body: bytes) -> tuple[list[ListedCustomer], int, int | None]:
    """The rows, how many came, and the count. A row without an ID can't be named, and counts as lost."""
    loaded = load_exact(body)
    rows = loaded.get("accounts") if isinstance(loaded, dict) else None
    if not isinstance(rows, list):
        raise Unreadable("`accounts` is not a list")
    problems: Problems = []
    found = [_listed(row, problems) for row in rows if isinstance(row, dict)]
    total = whole(loaded.get("totalCount"), "totalCount", problems)
    return [each for each in found if each.customer_id], len(rows), total


def _listed(row: dict[str, Any], problems: Problems) -> ListedCustomer:
    profile = row.get("companyProfile")
    name = profile.get("companyName") if isinstance(profile, dict) else None
    return ListedCustomer(
        customer_id=text(row.get("customerId"), "customerId", problems),
        company_name=text(name, "companyName", problems),
        external_reference_id=text(row.get("externalReferenceId"), "externalReferenceId", problems),
        status=account_terms.customer_status(text(row.get("status"), "status", problems)),
        created_at=instant(row.get("creationDate"), "creationDate", problems),
    )
