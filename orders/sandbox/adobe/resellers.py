"""Resellers and the customers they have, with the list's traps: inactive ones are hidden."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fnmatch import translate
from functools import lru_cache
from typing import Any

from orders.sandbox import customers
from orders.sandbox.adobe.account_pen import company_of
from orders.sandbox.adobe.calendar_days import stamp
from orders.sandbox.http.messages import Answer, Request, json_answer
from orders.sandbox.http.vendor_errors import adobe_error

NAMES = {
    customers.ADOBE_RESELLER: "Tern Island Software",
    customers.ADOBE_OLD_RESELLER: "Oak & Quill Licensing",
    customers.ADOBE_BIG_RESELLER: "Meridian Reseller Group",
}
FIRST_LISTED, LISTED = 3_000_000_000, 10_003
_MOST_COUNTED = 10_000  # where the published client itself says "10000+"
_STATUSES = ("1000", "1002", "1004", "1026")
_SORTS = ("creationDate", "companyName")
_ODD_NAMES = ("Café Élan & Søn", "Star*Works", "Alder & Finch", "Alder & Finch", "100 % Paper")


@dataclass(frozen=True)
class Account:
    customer_id: str
    name: str
    status: str
    created: str


def reseller(reseller_id: str) -> Answer:
    if reseller_id not in NAMES:
        return adobe_error(404, "1115")
    return json_answer(200, reseller_body(reseller_id))


def reseller_body(reseller_id: str) -> dict[str, Any]:
    return {
        "distributorId": "0000000009",
        "externalReferenceId": "R-1",
        "resellerId": reseller_id,
        "companyProfile": {
            "companyName": NAMES[reseller_id],
            "preferredLanguage": "en-US",
            "marketSegments": ["COM", "EDU"],
            "address": {
                "country": "US",
                "city": "Bend",
                "addressLine1": "2 Wharf Street",
                "postalCode": "97701",
            },
            "contacts": [{"firstName": "Nora", "lastName": "Feld", "email": "nora.feld@reseller.example"}],
        },
        "creationDate": "2019-05-02T08:00:00Z",
        "status": "1000",
        "links": {},
    }


def is_listed(customer_id: str) -> bool:
    return customer_id.isdigit() and FIRST_LISTED <= int(customer_id) < FIRST_LISTED + LISTED


def customer_list(request: Request, reseller_id: str, today: datetime) -> Answer:
    """One page; a bad value is 400, an unknown reseller the documented 1115."""
    if reseller_id not in NAMES:
        return adobe_error(404, "1115")
    status = request.value("status") or "1000"
    sort_by, order_by = (
        request.value("sort-by") or "creationDate",
        (request.value("order-by") or "desc").lower(),
    )
    limit, offset = request.value("limit") or "20", request.value("offset") or "0"
    bad = [
        name
        for name, is_good in (
            ("status", status in _STATUSES),
            ("sort-by", sort_by in _SORTS),
            ("order-by", order_by in ("asc", "desc")),
            ("limit", bool(re.fullmatch(r"\d{1,6}", limit, re.ASCII)) and 1 <= int(limit) <= 50),
            ("offset", bool(re.fullmatch(r"\d{1,6}", offset, re.ASCII))),
        )
        if not is_good
    ]
    if bad:
        return adobe_error(400, "1132", details=[f"Check {name}" for name in bad], invalid=bad)
    found = [each for each in accounts(reseller_id, today) if each.status == status]
    wanted = request.value("company-name")
    if wanted:
        pattern = re.compile(_pattern(wanted), re.IGNORECASE)
        found = [each for each in found if pattern.fullmatch(each.name)]
    found.sort(
        key=lambda each: each.name.lower() if sort_by == "companyName" else each.created,
        reverse=order_by == "desc",
    )
    page = found[int(offset) : int(offset) + int(limit)]
    body = {
        "totalCount": min(len(found), _MOST_COUNTED),
        "count": len(page),
        "offset": int(offset),
        "limit": int(limit),
        "accounts": [_row(reseller_id, each) for each in page],
    }
    return json_answer(200, body)


def _pattern(wanted: str) -> str:
    """Only the star is a wildcard; whatever else the standard library would read so is taken at its word."""
    parts = [re.escape(part) for part in wanted.split("*")]
    return ".*".join(parts) if "*" in wanted else translate(wanted.replace("[", "[[]").replace("?", "[?]"))


@lru_cache(maxsize=8)
def accounts(reseller_id: str, today: datetime) -> Sequence[Account]:
    return tuple(
        _big_list(today) if reseller_id == customers.ADOBE_BIG_RESELLER else _known(reseller_id, today)
    )


def _known(reseller_id: str, today: datetime) -> Iterator[Account]:
    if reseller_id != customers.ADOBE_RESELLER:
        return
    inactive = {customers.ADOBE_LAPSED: "1004", customers.ADOBE_PENDING: "1002"}
    for number, each in enumerate(customers.ALL):
        if each.source == "adobe" and each.fault is None and each.id not in _NOBODY:
            created = stamp(today - timedelta(days=1000 + number))
            yield Account(each.id, company_of(each.id), inactive.get(each.id, "1000"), created)


_NOBODY = (customers.ADOBE_UNKNOWN, customers.ADOBE_MOVED)


def _big_list(today: datetime) -> Iterator[Account]:
    for number in range(LISTED + 4):
        name = _ODD_NAMES[number] if number < len(_ODD_NAMES) else f"Client {number:05d} Ltd"
        status = "1004" if number >= LISTED else "1000"
        created = stamp(today - timedelta(days=1, minutes=number))
        yield Account(str(FIRST_LISTED + number), name, status, created)


def _row(reseller_id: str, each: Account) -> dict[str, Any]:
    return {
        "externalReferenceId": "",
        "customerId": each.customer_id,
        "resellerId": reseller_id,
        "status": each.status,
        "companyProfile": {"companyName": each.name},
        "creationDate": each.created,
        # As in a published sample, it leads to another customer.
        "links": {"self": {"uri": "/v3/customers/0000000001", "method": "GET", "headers": []}},
    }
