"""What somebody without us would write: page after page with `requests`, row after row with `csv`."""

import csv
import sys
import time

import requests

from tests.bench.exports.run import report


def export(url: str, customer_id: str, path: str) -> int:
    session, offset, done = requests.Session(), 0, 0
    with open(path, "w", newline="") as file:
        writer = None
        while True:
            answer = session.get(
                f"{url}/v3/customers/{customer_id}/orders", params={"limit": 100, "offset": offset}
            )
            answer.raise_for_status()
            body = answer.json()
            for order in body["items"]:
                lines = order["lineItems"]
                row = {
                    "customerId": order["customerId"],
                    "orderId": order["orderId"],
                    "externalReferenceId": order["externalReferenceId"],
                    "orderType": order["orderType"],
                    "referenceOrderId": order["referenceOrderId"],
                    "status": order["status"],
                    "currencyCode": order["currencyCode"],
                    "creationDate": order["creationDate"],
                    "lineItemCount": len(lines),
                    "totalQuantity": sum(line["quantity"] for line in lines),
                    "promotionCodes": "; ".join(
                        each["code"] for line in lines for each in line.get("promotions", [])
                    ),
                }
                if writer is None:
                    writer = csv.DictWriter(file, fieldnames=list(row))
                    writer.writeheader()
                writer.writerow(row)
                done += 1
            offset += len(body["items"])
            if offset >= body["totalCount"] or not body["items"]:
                return done


if __name__ == "__main__":
    url, customer_id, path = sys.argv[1:4]
    started = time.perf_counter()
    count = export(url, customer_id, path)
    report(orders=count, seconds=time.perf_counter() - started)
