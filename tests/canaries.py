"""Looking for secrets in texts, however they are spelled; and orders full of them."""

import base64
from urllib.parse import quote, quote_plus

from django.core.cache import caches


def issued_tokens(sandbox):
    """The tokens that the sandbox saw, whoever made them."""
    tokens = {entry.headers.get("authorization", "").removeprefix("Bearer ") for entry in sandbox.requests}
    return {token for token in tokens if token and not token.startswith("Basic ")}


def spellings(secret):
    """The secret plainly, in an address (once and twice), in HTML, and within base64."""
    found = {secret, quote(secret, safe=""), quote_plus(secret), quote(quote(secret, safe=""), safe="")}
    found |= {secret.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("'", "&#x27;")}
    found |= {base64.b64encode(secret.encode()).decode().rstrip("=")[:-1]}
    found |= {base64.urlsafe_b64encode(secret.encode()).decode().rstrip("=")[:-1]}
    return found


def leaks(secrets, texts):
    """Which secret stands where."""
    return [
        (place, secret)
        for place, text in texts.items()
        for secret in secrets
        for spelling in spellings(secret)
        if spelling in text
    ]


def dump_of_database(tables_of):
    with tables_of.cursor() as cursor:
        rows = []
        for table in tables_of.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            rows += [str(row) for row in cursor.fetchall()]
    return "\n".join(rows)


def dump_of_cache():
    return "\n".join(
        f"{key} {value!r}" for kept in caches.all() for key, value in vars(kept)["_cache"].items()
    )


def adobe_order(number, secret):
    return {
        "orderId": f"77{number}",
        "creationDate": f"2026-11-0{1 + number % 9}T00:00:00Z",
        "externalReferenceId": secret,
        "orderType": secret,
        "status": secret,
        "source": f"Bearer {secret}",
        "currencyCode": secret,
        "lineItems": [
            {
                "extLineItemNumber": 1,
                "offerId": secret,
                "subscriptionId": quote(secret, safe=""),
                "deploymentId": base64.b64encode(secret.encode()).decode(),
                "discountCode": secret,
                "promotions": [{"code": secret, "result": secret}],
                "pricing": {secret: 1},
            }
        ],
        "links": {secret: {"uri": f"/v3?token={quote_plus(secret)}", "method": secret}},
        "unknown": {secret: [secret]},
    }


def fabric_order(number, secret):
    return {
        "id": f"77{number}",
        "status": secret,
        "scheduledDate": "2026-11-01T00:00:00.000Z",
        "error": {"errorCode": secret, "errorMessage": f"Authorization: Bearer {secret}"},
        "Retry": {"retryType": secret, "retryCount": 1, "maxRetries": 3, "retryAfterDays": 1},
        "customer": {"firstName": secret, "email": secret},
        "shipTo": {"city": secret, "streetAddress": {"street1": quote(secret)}},
        "lineItems": [
            {
                "lineItemId": 1,
                "item": {"title": secret, "sku": secret},
                "customAttributes": {secret: secret, "trackingUrl": f"https://x.example/?t={secret}"},
            }
        ],
        "unknown": secret,
    }
