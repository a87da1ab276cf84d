"""The description of the interface: of every address, made of the types, true of filters and scopes."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver

from orders.people.token_authentication import ALLOWED
from orders.presentation.filtersets import FILTERSETS
from orders.presentation.records import record_type
from orders.views.api.document import operations

DOCUMENT = "/api/v1/openapi.json"


@pytest.fixture
def document(client: Client) -> Any:
    response = client.get(DOCUMENT)  # without the mark, the database would refuse
    assert response.headers["Content-Type"] == "application/json"
    return response.json()


def routes() -> dict[str, str]:
    """The names of our addresses by their paths, with what varies in braces, as the document has it."""
    found = {}
    for name, given in get_resolver("orders.urls").reverse_dict.lists():
        if isinstance(name, str) and name.startswith("api-") and name != "api-document":
            path = given[0][0][0][0]
            camel = re.sub(r"%\((\w+)\)s", lambda match: "{" + _camel(match[1]) + "}", path)
            found[f"/{camel.removeprefix('api/v1/')}"] = name
    return found


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(each.capitalize() for each in rest)


def general(path: str) -> str:
    """The address without the upstream's name in it."""
    return re.sub(f"^/(?:{'|'.join(FILTERSETS)})/", "/{source}/", path)


def test_every_address_is_described_and_no_other(document: Any) -> None:
    assert {general(path) for path in document["paths"]} == set(routes())


def test_scopes_are_those_that_are_asked_for() -> None:
    by_path = routes()

    said = {(by_path[general(each.path)], each.method.upper(), each.scope) for each in operations()}
    held = {
        (name, method, allowed.scope)
        for name, allowed in ALLOWED.items()
        if name in by_path.values()
        for method in allowed.methods - {"HEAD"}
    }
    assert said == held


def test_all_that_it_refers_to_is_there(document: Any) -> None:
    schemas = document["components"]["schemas"]

    assert {each.rpartition("/")[2] for each in references(document)} <= set(schemas)


def references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        for name, value in part.items():
            if name == "$ref":
                yield value
            else:
                yield from references(value)
    elif isinstance(part, list):
        for value in part:
            yield from references(value)


@pytest.mark.parametrize("source", FILTERSETS)
def test_every_column_of_the_files_is_a_field_with_its_meaning(document: Any, source: str) -> None:
    schemas, of_source = document["components"]["schemas"], record_type(source)

    order = schemas[f"{source.capitalize()}Order"]["properties"]
    line = schemas[f"{source.capitalize()}Line"]["properties"]
    assert list(order) == [*(each.name for each in of_source.order_columns), "lines"]
    assert list(line) == [each.name for each in of_source.line_columns]
    assert [
        name for name, field in (order | line).items() if name != "lines" and not field["description"]
    ] == []


@pytest.mark.parametrize("source", FILTERSETS)
def test_every_filter_of_the_page_is_a_parameter(document: Any, source: str) -> None:
    given = document["paths"][f"/{source}/customers/{{customerId}}/orders"]["get"]["parameters"]

    found = {each["name"]: each["schema"] for each in given if each["in"] == "query"}
    assert set(found) >= {*FILTERSETS[source].parameter_names().values(), "limit", "offset", "fresh"}
    assert found["status"]["type"] == "array"
    assert (
        "RETRY" in found["status"]["items"]["enum"]
        if source == "fabric"
        else ("1000" in found["status"]["items"]["examples"])
    )


def test_it_says_where_the_portal_is_behind_a_prefix(client: Client) -> None:
    response = client.get(DOCUMENT, headers={"host": "testserver"})

    assert response.json()["servers"] == [{"url": "http://testserver/api/v1"}]


def test_any_token_opens_it(script: Client) -> None:
    assert script.get(DOCUMENT).status_code == 200
