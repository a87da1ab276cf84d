"""The plainest possible callers of both upstreams."""

import uuid
from typing import Any

import requests

from orders.sandbox import credentials

ADOBE_HEADERS = {
    "X-Api-Key": credentials.ADOBE_API_KEY,
    "Authorization": f"Bearer {credentials.ADOBE_ACCESS_TOKEN}",
    "Accept": "application/json",
}
FABRIC_HEADERS = {"Authorization": f"Bearer {credentials.FABRIC_ACCESS_TOKEN}"}
ALL_TIME = ("start-date", "2000-01-01")


class Client:
    def __init__(self, url: str) -> None:
        self.url = url

    def send(self, path: str, headers: dict[str, str], **options: Any) -> requests.Response:
        options.setdefault("timeout", 10)
        return requests.get(self.url + path, headers=headers, allow_redirects=False, **options)


class AdobeClient(Client):
    def get(
        self,
        path: str,
        params: Any = None,
        *,
        without: str = "",
        timeout: float = 10,
        **changed: str,
    ) -> requests.Response:
        """A well-formed request, but for headers changed (`x_api_key=...`) or left out."""
        headers = ADOBE_HEADERS | {
            "X-Correlation-Id": str(uuid.uuid4()),
            "X-Request-Id": str(uuid.uuid4()),
        }
        headers |= {name.replace("_", "-").title(): value for name, value in changed.items()}
        headers.pop(without, None)
        return self.send(path, headers, params=params, timeout=timeout)

    def orders(self, customer_id: str, *params: tuple[str, Any], **options: Any) -> requests.Response:
        return self.get(f"/v3/customers/{customer_id}/orders", list(params), **options)

    def all_orders(self, customer_id: str, *params: tuple[str, Any]) -> list[Any]:
        items: list[Any] = []
        while True:
            window = (("limit", 100), ("offset", len(items)))
            page = self.orders(customer_id, ALL_TIME, *params, *window).json()
            items += page["items"]
            if len(items) >= page["totalCount"] or not page["items"]:
                return items


class FabricClient(Client):
    def get(self, path: str, params: Any = None, **options: Any) -> requests.Response:
        return self.send(f"/data-subscription/v1{path}", FABRIC_HEADERS, params=params, **options)

    def orders(self, customer_id: str, **params: Any) -> requests.Response:
        return self.get(f"/customers/{customer_id}/orders", params)
