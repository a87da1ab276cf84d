"""Rows a tolerant reader must survive: each one has been seen, printed, or is one step away."""

from datetime import datetime, timedelta
from typing import Any

OFFER = "71104418CA01A12"


def _line(number: Any = 1, **changes: Any) -> dict[str, Any]:
    return {
        "extLineItemNumber": number,
        "offerId": OFFER,
        "quantity": 3,
        "subscriptionId": "0f3c5e7a9b1d2c4e6f8091a2b3c4d5NA",
        "status": "1000",
        "currencyCode": "USD",
    } | changes


def _order(customer_id: str, order_id: Any, created: Any, **changes: Any) -> dict[str, Any]:
    return {
        "referenceOrderId": "",
        "orderType": "NEW",
        "externalReferenceId": "PO-66",
        "customerId": customer_id,
        "orderId": order_id,
        "currencyCode": "USD",
        "creationDate": created,
        "status": "1000",
        "source": "API",
        "lineItems": [_line()],
        "links": {},
    } | changes


def _without(order: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in order.items() if name not in names}


def odd_rows(customer_id: str, today: datetime) -> list[Any]:
    def created(days: int) -> str:
        return (today - timedelta(days=days, hours=5)).strftime("%Y-%m-%dT%H:%M:%SZ")

    def plain(order_id: Any, days: int, **changes: Any) -> dict[str, Any]:
        return _order(customer_id, order_id, created(days), **changes)

    bare_line = {"extLineItemNumber": 1, "offerId": OFFER, "quantity": 2}
    return [
        plain("6600000001", 1, externalReferenceId="the plain one"),
        *_no_orders_at_all(),
        _without(plain("6600000002", 2), "lineItems"),
        plain("6600000003", 3, lineItems=None),
        plain("6600000004", 4, lineItems=[]),
        plain("6600000005", 5, lineItems=[None, "line", 7, _line(2)]),
        plain("6600000006", 6, lineItems={"extLineItemNumber": 1}),
        plain("", 7, orderType="PREVIEW", status=""),
        plain("", 8, orderType="SWITCH", cancellingItems=[_line(2, quantity=3)]),
        plain(None, 9),
        plain(6600000007, 10),
        _without(plain("6600000008", 11), "orderId"),
        plain("6600000009", 12, lineItems=[_line(1, quantity="12"), _line(2, quantity=1.5)]),
        plain("6600000010", 13, lineItems=[_line(1, quantity=-4), _line(2, quantity=599000)]),
        plain("6600000011", 14, lineItems=[_line("1"), _line(1), _line(0), _line(None)]),
        *_odd_dates(customer_id, today - timedelta(days=14)),
        plain("6600000020", 15, status=""),
        plain("6600000021", 16, status=1000),
        plain("6600000022", 17, status=None),
        plain("6600000023", 18, status="1099"),
        plain("6600000024", 19, orderType="new"),
        plain("6600000025", 20, orderType=None),
        plain("6600000026", 21, orderType="PREVIEW_REVERT_SWITCH", status=""),
        {
            "orderId": "6600000027",
            "orderType": "RETURN",
            "status": "1000",
            "lineItems": [bare_line],
            "links": {},
        },
        plain("6600000028", 22, links=[{"rel": "self", "href": "/elsewhere"}]),
        _without(plain("6600000029", 23), "links", "source"),
        plain("6600000030", 24, referencedOrderId="6600000001", source="Bridge"),
        _without(plain("6600000031", 25, lineItems=[bare_line]), "currencyCode"),
        plain("6600000032", 26, currencyCode=None, lineItems=[_line(currencyCode="")]),
        *_odd_discounts(plain),
        *_odd_prices(plain),
        plain("6600000050", 40, externalReferenceId="202405160317448899"),
        plain("6600000050", 40, externalReferenceId="the same order twice"),
        plain("6600000051", 41, externalReferenceId=759),
        plain("6600000052", 42, externalReferenceId=None, referenceOrderId=None),
        plain("6600000053", 43, surprise={"deep": [{"er": 1}]}, customerId=""),
        plain("D6600000054", 44, customerId=None),
        plain("6600000055", 45, lastModifiedDate=created(1), eligibleOffers=[], extra=None),
    ]


_UNUSUAL_TIMES = ("T00:00:00Z", "T10:16Z", "T11:22:08.000+00:00", "T23:30:00+02:00", "T09:00:00")


def _no_orders_at_all() -> list[Any]:
    return [None, "a row that is a string", 42, [], {}, True]


def _odd_dates(customer_id: str, day: datetime) -> list[Any]:
    unreadable = ("yesterday", "", None, 1767225600, "2026-13-45T99:00:00Z")
    unusual = [f"{day:%Y-%m-%d}{time}" for time in _UNUSUAL_TIMES]
    odd: list[Any] = [
        _order(customer_id, f"66000001{number:02d}", date)
        for number, date in enumerate((*unreadable, *unusual))
    ]
    return [*odd, _without(_order(customer_id, "6600000199", ""), "creationDate")]


def _odd_discounts(plain: Any) -> list[Any]:
    given: list[Any] = [
        None,
        {"code": "ONE_AS_OBJECT", "result": "SUCCESS"},
        [None, "TEXT", {}],
        [{"code": "NO_RESULT"}],
        [{"code": "LOWER", "result": "success"}, {"result": "SUCCESS"}],
    ]
    rows = [
        plain(f"66000000{70 + number}", 27 + number, lineItems=[_line(promotions=value)])
        for number, value in enumerate(given)
    ]
    both = _line(
        promotions=[{"code": "OLD_NAME", "result": "SUCCESS"}],
        flexDiscounts=[{"code": "NEW_NAME", "result": "FAILURE"}],
        flexDiscountCodes=["NEW_NAME"],
    )
    return [*rows, plain("6600000079", 32, lineItems=[both])]


def _odd_prices(plain: Any) -> list[Any]:
    pricing = {
        "partnerPrice": 365.0,
        "discountedPartnerPrice": 300.5,
        "netPartnerPrice": 85.068,
        "lineItemPartnerPrice": 850.68,
    }
    registered = _line(isDealRegistered=True, pricing=_without(pricing, "netPartnerPrice"))
    given_back = _line(2, pricing=pricing | {"lineItemPartnerPrice": -850.68})
    return [
        plain(
            "6600000080",
            33,
            lineItems=[_line(proratedDays=90, pricing=pricing, status="")],
            pricingSummary=[{"totalLineItemPartnerPrice": 1660.68, "currencyCode": "USD"}],
        ),
        plain(
            "6600000081",
            34,
            lineItems=[registered],
            pricingSummary={"totalLineItemPartnerPrice": 901.5, "currencyCode": "USD"},
        ),
        plain("6600000082", 35, orderType="SWITCH", cancellingItems=[given_back]),
        plain("6600000083", 36, pricingSummary="none", lineItems=[_line(pricing=None)]),
        plain("6600000084", 37, lineItems=[_line(pricing={"partnerPrice": "12,50"})]),
    ]


HOSTILE_TEXTS = (
    "<script>alert('orders')</script>",
    '"><img src=x onerror=alert(1)>',
    "</table></main><h1>gone</h1>",
    "{{ 7*7 }}{% debug %}",
    '=HYPERLINK("http://example.com","click")',
    "+1-555-0100",
    "-2+3",
    "@SUM(A1:A9)",
    "\t=1+1",
    "\r\nX-Injected: yes",
    "\u202ereversed\u202c \u200bhidden\u200b",
    "naïve 日本語 🧾 'quoted' \"twice\", comma; semicolon",
    "javascript:alert(1)",
    "NULL",
    "x" * 5000,
)


def markup_rows(customer_id: str, today: datetime) -> list[Any]:
    """Each text once in every field that holds free text; IDs stay fit for an address."""
    rows = []
    for number, text in enumerate(HOSTILE_TEXTS):
        created = (today - timedelta(days=number + 1)).strftime("%Y-%m-%dT%H:%M:%SZ")
        line = _line(
            discountCode=text,
            deploymentId=text,
            promotions=[{"code": text, "result": text}],
        )
        rows.append(
            _order(
                customer_id,
                f"67000000{number:02d}",
                created,
                externalReferenceId=text,
                source=text,
                lineItems=[line],
            )
        )
    rows.append(_order(customer_id, "6700000090", rows[-1]["creationDate"], orderType="<b>NEW</b>"))
    rows.append(_order(customer_id, "6700000091", rows[-1]["creationDate"], status="<i>1000</i>"))
    rows.append(_order(customer_id, "67/00?0&9#2", rows[-1]["creationDate"]))
    return rows
