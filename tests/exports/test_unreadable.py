"""A value that could not be read is a blank cell, is counted under its column, and makes its file partial."""

import copy
import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orders import exports
from orders.domain.exchanges import Exchange
from orders.domain.granted_rights import EVERYTHING
from orders.domain.queries import FetchedPage
from orders.exports.engine.pages import Reader
from orders.exports.specification import ExportSpec
from orders.presentation.columns.base import in_step
from orders.upstreams import registry
from orders.upstreams.adobe_vip_marketplace import parse_page as parse_adobe
from orders.upstreams.fabric_subscriptions.parse import parse_page as parse_fabric
from tests.exports.full_orders import ADOBE, FABRIC
from tests.exports.results import CUSTOMER, export_now, give, made, order, request_export, rows
from tests.exports.test_rights import texts_of

FULL = {"adobe": ADOBE, "fabric": FABRIC}
PARSERS = {"adobe": parse_adobe, "fabric": parse_fabric}
# No field of ours takes this: it is neither a text, a number, an instant nor a part of an order.
UNREADABLE = [[{"no": "value"}]]
# Open maps take any value, as JSON; and an ID in a list of IDs is one of several.
OPEN = {"customAttributes"}

Path = tuple[str | int, ...]


class Answered:
    def __init__(self, body: bytes, source: str) -> None:
        self._page = PARSERS[source](body)
        self._source = source

    def list_orders(self, *args: Any, **kwargs: Any) -> FetchedPage:
        return FetchedPage(page=self._page, exchange=Exchange(source=self._source, method="GET", path=""))


def body_of(source: str, orders: list[Any]) -> bytes:
    if source == "adobe":
        return json.dumps({"totalCount": len(orders), "offset": 0, "limit": 100, "items": orders}).encode()
    return json.dumps({"responseStatus": "OK", "message": "ok", "data": {"orders": orders}}).encode()


def sheet(monkeypatch: Any, source: str, body: bytes, kind: str) -> tuple[list[dict[str, Any]], Counter[str]]:
    """The rows of a file of this answer, and how many values of each column could not be read."""
    monkeypatch.setattr(registry, "connect", lambda name: Answered(body, source))
    query = "fetch-price=true" if source == "adobe" else ""
    spec = ExportSpec.checked(source=source, customer_id="C1", query=query, rows=kind, reason="TICKET-1")
    page = Reader(spec, lambda: EVERYTHING)(0)
    names = [column.name for column in spec.columns_of(kind)]
    table = [dict(zip(names, cells, strict=True)) for cells in zip(*page.parts[0].columns, strict=True)]
    return table, Counter(column for _, column in page.unreadable)


def leaves(value: Any, path: Path = ()) -> Iterator[Path]:
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            if key not in OPEN:
                yield from leaves(inner, (*path, key))
    else:
        yield path


def parts(value: Any, path: Path = ()) -> Iterator[Path]:
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            if key not in OPEN:
                if isinstance(inner, dict | list):
                    yield (*path, key)
                yield from parts(inner, (*path, key))


def damaged(order_: dict[str, Any], path: Path, value: Any = UNREADABLE) -> dict[str, Any]:
    found = copy.deepcopy(order_)
    place: Any = found
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return found


EVERY = [
    pytest.param(source, kind, path, id=f"{source}-{kind}-{'.'.join(map(str, path))}")
    for source, full in FULL.items()
    for kind in ("orders", "lines")
    for path in sorted({*leaves(full), *parts(full)}, key=str)
]


@pytest.mark.django_db  # a line without a name is looked up among the products we have seen
@pytest.mark.parametrize(("source", "kind", "path"), EVERY)
def test_whatever_can_not_be_read_is_blank_wherever_it_would_stand_and_counted(
    monkeypatch, source, kind, path
):
    """Whichever cells a value decides on: none of them says something else instead."""
    whole, none = sheet(monkeypatch, source, body_of(source, [FULL[source]]), kind)
    table, counted = sheet(monkeypatch, source, body_of(source, [damaged(FULL[source], path)]), kind)

    assert none == {}
    if len(table) != len(whole):  # a line item, or all of them
        assert kind == "lines"
        assert counted["lineItems"] >= 1
        return
    changed = {
        (at, name)
        for at, (before, after) in enumerate(zip(whole, table, strict=True))
        for name in before
        if before[name] != after[name]
    }
    assert {table[at][name] for at, name in changed} <= {""}
    assert {name for _, name in changed} <= set(counted)


@pytest.mark.parametrize(
    ("source", "kind"), [(source, kind) for source in FULL for kind in ("orders", "lines")]
)
def test_a_full_order_fills_every_column(monkeypatch, source, kind):
    table, _ = sheet(monkeypatch, source, body_of(source, [FULL[source]]), kind)

    empty = {name for name in table[0] if not any(row[name] for row in table)}
    assert empty - {"links"} == set()


@pytest.mark.parametrize("source", FULL)
def test_every_value_of_a_full_order_is_in_one_of_its_files(monkeypatch, source):
    said = ""
    for kind in ("orders", "lines"):
        table, _ = sheet(monkeypatch, source, body_of(source, [FULL[source]]), kind)
        said += json.dumps([list(row.values()) for row in table])

    def text(path: Path) -> str:
        value: Any = FULL[source]
        for key in path:
            value = value[key]
        shown = json.dumps(value).strip('"').removesuffix(".0")
        return shown[-4:] if path[-1] == "cardIdentifier" else shown

    assert [path for path in leaves(FULL[source]) if text(path) not in said] == []


def test_lines_that_an_order_cancels_are_rows_that_say_so(monkeypatch):
    table, _ = sheet(monkeypatch, "adobe", body_of("adobe", [ADOBE]), "lines")

    assert [(row["extLineItemNumber"], row["lineKind"]) for row in table] == [
        ("1", "ordered"),
        ("2", "ordered"),
        ("3", "cancelled"),
    ]


def quantities(*given: Any) -> dict[str, Any]:
    return {**ADOBE, "lineItems": [{"extLineItemNumber": 1, "quantity": each} for each in given]}


@pytest.mark.parametrize(
    ("lines", "total", "counted"),
    [
        (quantities(5, 7)["lineItems"], "12", 0),
        (quantities(5, "1,000")["lineItems"], "", 1),
        (quantities("1,000", "2,000")["lineItems"], "", 1),  # one value of the order's, not two
        (quantities(5, 2.5)["lineItems"], "", 1),
        (quantities(5, None)["lineItems"], "", 0),  # there is none: nothing was lost, and no sum is known
        (quantities(5)["lineItems"] + ["not an object"], "", 1),
        (quantities(5)["lineItems"] + [None], "", 1),
        (quantities(5)["lineItems"][0], "5", 0),  # a line alone is a list of one
        ({"1": {"quantity": 5}, "2": {"quantity": 6}}, "11", 0),
        ("5 pieces", "", 1),
        (5, "", 1),
    ],
)
def test_there_is_no_sum_over_a_gap(monkeypatch, lines, total, counted):
    table, found = sheet(monkeypatch, "adobe", body_of("adobe", [{**ADOBE, "lineItems": lines}]), "orders")

    assert (table[0]["totalQuantity"], found["totalQuantity"]) == (total, counted)


@pytest.mark.parametrize(
    ("promotions", "codes", "results"),
    [
        ([{"code": "A", "result": "SUCCESS"}], "A", "SUCCESS"),
        ({"code": "OBJ", "result": "SUCCESS"}, "OBJ", "SUCCESS"),
        (["PLAIN"], "PLAIN", r"\0"),
        ("PLAIN", "PLAIN", r"\0"),
        (
            [{"code": "", "result": "FAILURE"}, {"code": "F", "result": "SUCCESS"}],
            r"\0; F",
            "FAILURE; SUCCESS",
        ),
        ([{"code": "A; B", "result": "SUCCESS"}], r"A;\ B", "SUCCESS"),
        ([{"code": "A\\", "result": "SUCCESS"}], r"A" + "\\\\", "SUCCESS"),
    ],
)
def test_codes_and_results_stay_in_step(monkeypatch, promotions, codes, results):
    line = {"extLineItemNumber": 1, "quantity": 1, "promotions": promotions}
    table, lost = sheet(monkeypatch, "adobe", body_of("adobe", [{**ADOBE, "lineItems": [line]}]), "orders")

    assert (table[0]["promotionCodes"], table[0]["promotionResults"], lost) == (codes, results, Counter())


@pytest.mark.parametrize("kind", ["orders", "lines"])
@pytest.mark.parametrize(("given", "ids"), [(("", ""), ""), (("", "id-2"), r"\0; id-2")])
def test_where_no_promotion_has_an_id_there_is_nothing(monkeypatch, kind, given, ids):
    promotions = [{"id": each, "code": "A", "result": "SUCCESS"} for each in given]
    line = {"extLineItemNumber": 1, "quantity": 1, "promotions": promotions}
    table, _ = sheet(monkeypatch, "adobe", body_of("adobe", [{**ADOBE, "lineItems": [line]}]), kind)

    assert table[0]["promotionIds"] == ids


@pytest.mark.parametrize("kind", ["orders", "lines"])
def test_codes_that_were_asked_for_are_written_like_those_that_were_used(monkeypatch, kind):
    line = {**ADOBE["lineItems"][0], "flexDiscountCodes": ["A; B", "C", ""]}
    table, _ = sheet(monkeypatch, "adobe", body_of("adobe", [{**ADOBE, "lineItems": [line]}]), kind)

    assert table[0]["requestedPromotions"] == r"A;\ B; C"


WORDS = st.text("ab; \\", max_size=6)


@settings(max_examples=200)
@given(st.lists(st.tuples(WORDS, WORDS), min_size=1, max_size=4))
def test_whoever_splits_gets_as_many_codes_as_results_and_each_back(pairs):
    codes, results = (in_step(values).split("; ") for values in zip(*pairs, strict=True))

    assert len(codes) == len(results) == len(pairs)
    assert [
        (read_back(code), read_back(result)) for code, result in zip(codes, results, strict=True)
    ] == pairs


def read_back(written: str) -> str:
    """As the data dictionary says."""
    if written == r"\0":
        return ""
    found, letters = "", iter(written)
    for letter in letters:
        found += next(letters) if letter == "\\" else letter
    return found


@pytest.mark.parametrize(
    "text", [b"M\xfcller", b"half \\ud83d pair", b"a\\u0000b", b"\xff", b"caf\xc3"], ids=repr
)
def test_a_damaged_text_counts_and_a_sign_for_damage_that_was_sent_does_not(monkeypatch, text):
    body = body_of("adobe", [{**ADOBE, "externalReferenceId": "PLACE"}]).replace(b"PLACE", text)
    table, counted = sheet(monkeypatch, "adobe", body, "orders")
    assert (table[0]["externalReferenceId"], counted) == ("", {"externalReferenceId": 1})

    sent = body_of("adobe", [{**ADOBE, "externalReferenceId": "sent as \ufffd", "source": UNREADABLE}])
    table, counted = sheet(monkeypatch, "adobe", sent, "orders")
    assert (table[0]["externalReferenceId"], counted) == ("sent as \ufffd", {"orderSource": 1})


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_file_that_lost_values_says_so_in_its_name_its_header_and_its_sheet(upstreams, portal, kind):
    upstreams.forget_added_orders()
    upstreams.add_adobe_orders(
        CUSTOMER,
        [
            order(1, externalReferenceId=["a", "b"]),
            order(2, externalReferenceId={}, currencyCode={"code": "EUR"}),
            order(3),
        ],
    )
    address = f"/adobe/customers/{CUSTOMER}/orders/export/?start-date=2000-01-01&format={kind}"

    assert portal.get(address).status_code == 409
    file = portal.get(f"{address}&partial=1")
    data = file.getvalue()

    assert 'filename="PARTIAL_' in file.headers["Content-Disposition"]
    assert file.headers["X-Unreadable-Values"] == "externalReferenceId=2; currencyCode=1"
    if kind == "csv":
        found = [(row["externalReferenceId"], row["currencyCode"]) for row in rows(data)]
        assert found == [("", "EUR"), ("", ""), ("PO-3", "EUR")]
    else:
        said = texts_of(data)
        assert "Unreadable: externalReferenceId" in said
        assert "Some values could not be read and are blank" in said


@pytest.mark.django_db(transaction=True)
def test_what_was_lost_is_remembered_over_a_stop(upstreams, agent):
    upstreams.forget_added_orders()
    broken = [order(each, externalReferenceId="PO" if each % 50 else ["odd"]) for each in range(250)]
    upstreams.add_adobe_orders(CUSTOMER, broken)
    export = request_export(agent)
    upstreams.script("adobe", [400] * 9, customer_id=CUSTOMER, path_contains="offset=200&")
    made(export)
    upstreams.clear_faults()
    assert (export.state, export.pages_done) == ("failed", 2)

    exports.fetch_rest(export)
    made(export)

    assert (export.state, export.unreadable) == ("partial", {"externalReferenceId": 5})
    assert export.missing == ["Some values could not be read and are blank: externalReferenceId 5."]


@pytest.mark.django_db
def test_columns_that_are_not_in_the_file_lose_nothing(upstreams):
    give(upstreams, 1)
    upstreams.add_adobe_orders(CUSTOMER, [order(2, externalReferenceId=["odd"])])

    assert export_now(columns=["orderId", "status"]).is_complete
