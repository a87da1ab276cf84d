"""What is asked: customers of the sandbox, query strings good and bad, and paths that lead nowhere."""

import re

AGENT, MANAGER, SUPERVISOR, ADMIN = "agent", "manager", "supervisor", "admin"
ROLES = (AGENT, MANAGER, ADMIN)
LARGE_ADOBE, SMALL_ADOBE, ODD_ADOBE, MARKUP_ADOBE = "1000000137", "1000000007", "1000000066", "1000000067"
HUGE_ADOBE, MOVING_ADOBE = "1000010000", "1000000777"
MAIN_FABRIC, ODD_FABRIC = "65a0c0de0000000000000001", "65a0c0de0000000000000066"
MARKUP_FABRIC, LONG_FABRIC, PAGED_FABRIC = (
    "65a0c0de0000000000000067",
    "65a0c0de0000000000001500",
    "65a0c0de0000000000000057",
)
CALM = {"adobe": SMALL_ADOBE, "fabric": "65a0c0de0000000000000004"}
# Each choice of the filters is tried where it finds most, each query where there are some orders.
EVERY_CHOICE = (LARGE_ADOBE, MAIN_FABRIC)
EVERY_QUERY = (*EVERY_CHOICE, SMALL_ADOBE, PAGED_FABRIC)
# Every row of theirs is odd in its own way.
EVERY_ORDER = (ODD_ADOBE, MARKUP_ADOBE, ODD_FABRIC, MARKUP_FABRIC)
EVERY_FILE = (LARGE_ADOBE, MAIN_FABRIC)
FILES_APART = (HUGE_ADOBE, MOVING_ADOBE)
FAULT = re.compile(
    r"^(?!404)[1-5]\d\d\b(?! orders)|no answer|every 0\.2|after two seconds|reset|more than 40 MB|redirect"
)

QUERIES = {
    "adobe": (
        "order-type=NEW&order-type=RETURN",
        "status=1004",
        "status=1000&status=1002&limit=5",
        "start-date=2025-06-01&end-date=2025-12-31",
        "start-date=2025-06-01&end-date=2025-12-31&whole-days=1",
        "start-date=2025-06-01T00:00:00Z",
        "reseller-id=1000004242",
        "reference-order-id=5100000001",
        "offer-id=65304479CA01A12&offer-id=65304470CA01A12",
        "limit=5&offset=5",
        "limit=100",
        "lines=mixed",
        "fetch-price=true",
        "fresh=1",
        "order-type=SOMETHING_NEW&status=1999",
        "order-type=&status=&start-date=",
        "colour=green&order-type=NEW",
        "limit=0",
        "limit=many",
        "limit=101",
        "offset=-1",
        "offset=7",
        "offset=100000",
        "start-date=yesterday",
        "start-date=2025-12-31&end-date=2025-06-01",
        "order-type=new%20order",
        "status=%3Cb%3E",
        "reference-order-id=1&reference-order-id=2",
        "limit=5&limit=7",
        "reseller-id=%2E%2E",
        "fetch-price=perhaps",
    ),
    "fabric": (
        "status=RETRY&status=CANCELED",
        "status=success",
        "attention=payment",
        "attention=stock&attention=ended",
        "retry-type=payment",
        "retry-type=PAYMENT%20RETRY",
        "error-code=140",
        "scheduled-from=2026-02-01&scheduled-to=2026-03-31",
        "scheduled-from=2026-03-31&scheduled-to=2026-02-01",
        "text=declined",
        "text=%3Cb%3E",
        "sort=-scheduled",
        "sort=scheduled",
        "sort=total",
        "sort=sideways",
        "limit=5&offset=5",
        "limit=0",
        "limit=many",
        "offset=-1",
        "offset=100000",
        "offset=26",
        "scheduled-from=soon",
        "fresh=1",
        "colour=green",
        "status=&text=",
        "text=a&text=b",
    ),
}
WRONG_PATHS = (
    "/nothing/here/",
    "/adobe/",
    "/adobe/customers/",
    "/adobe/customers/1000000007/",
    "/adobe/customers/1000000007/orders",
    "/adobe/customers/../orders/",
    "/adobe/customers/%2E%2E/orders/",
    "/adobe/customers/a%20b/orders/",
    "/adobe/customers/%3Cb%3E/orders/",
    f"/adobe/customers/{'1' * 65}/orders/",
    "/third/customers/1/orders/",
    "/fabric/customers/1000000007/orders/",
    "/adobe/customers/65a0c0de0000000000000004/orders/",
    "/exports/no-uuid/",
    "/exports/00000000-0000-4000-8000-000000000000/",
    "/exports/00000000-0000-4000-8000-000000000000/file/",
    "/account-imports/99/",
    "/static/no-such-file.css",
    "/health/",
    "/%00/",
    "/adobe/customers/1000000007/orders/%0A/",
)
LOOK_UPS = (
    {"q": "1000000007"},
    {"q": "1000000007", "source": "adobe"},
    {"q": "65a0c0de0000000000000004", "source": "fabric"},
    {"q": "1000000007 5100000001", "source": "adobe"},
    {"q": "https://partners.adobe.io/v3/customers/1000000007/orders?limit=5&status=1000"},
    {"q": "PO-12345"},
    {"q": ""},
    {"q": "<script>"},
    {"q": "65a0c0de0000000000000004"},
)

VIEW = {"source": "adobe", "customer_id": SMALL_ADOBE, "query": "status=1000"}
# They end the visitor's session, or make what another step has to wait for.
NOT_SENT = re.compile(r"account_logout|export$|reauthenticate|admin:")
SAMPLES = {
    "source": "adobe",
    "customer_id": SMALL_ADOBE,
    "order_id": "0000000000",
    "rows": "orders",
    "app_label": "orders",
    "object_id": "1",
}
