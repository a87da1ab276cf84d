"""What people paste into the look-up box, and where it leads."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.domain.lookup import Found, guess, read_lookup
from orders.services import sources

DESCRIPTIONS = sources()
FABRIC_ID = "65a0c0de0000000000000001"


def read(text, chosen=""):
    return read_lookup(text, DESCRIPTIONS, chosen=chosen)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1000000137", Found(sources=("adobe",), customer_id="1000000137")),
        ("  P1000000023\n", Found(sources=("adobe",), customer_id="P1000000023")),
        ("0042000017", Found(sources=("adobe",), customer_id="0042000017")),
        (FABRIC_ID, Found(sources=("fabric",), customer_id=FABRIC_ID)),
        ("'1000000137'", Found(sources=("adobe",), customer_id="1000000137")),
        ('"1000000137"', Found(sources=("adobe",), customer_id="1000000137")),
        ("<1000000137>", Found(sources=("adobe",), customer_id="1000000137")),
        *(
            (
                f"1000000137{between}5000000001",
                Found(sources=("adobe",), customer_id="1000000137", order_id="5000000001"),
            )
            for between in (" ", ",", ", ", "\t", "/", ";", " / ")
        ),
        (
            "https://partners.adobe.io/v3/customers/1000000137/orders",
            Found(sources=("adobe",), customer_id="1000000137"),
        ),
        (
            "GET https://partners.adobe.io/v3/customers/1000000137/orders/",
            Found(sources=("adobe",), customer_id="1000000137"),
        ),
        (
            "curl 'https://partners.adobe.io/v3/customers/1000000137/orders/5000000001'",
            Found(sources=("adobe",), customer_id="1000000137", order_id="5000000001"),
        ),
        (
            "/v3/customers/1000000137/orders?status=1000&status=1002&offset=25",
            Found(sources=("adobe",), customer_id="1000000137", query="status=1000&status=1002&offset=25"),
        ),
        (
            "get /v3/customers/1000000137/orders/5000000001?fetch-price=true",
            Found(
                sources=("adobe",),
                customer_id="1000000137",
                order_id="5000000001",
                query="fetch-price=true",
            ),
        ),
        (
            "partners.adobe.io/v3/customers/1000000137/orders",
            Found(sources=("adobe",), customer_id="1000000137"),
        ),
        (
            f"https://prod01.copilot.fabric.inc/data-subscription/v1/customers/{FABRIC_ID}/orders",
            Found(sources=("fabric",), customer_id=FABRIC_ID),
        ),
        (
            f"/data-subscription/v1/customers/{FABRIC_ID}/orders?limit=5",
            Found(sources=("fabric",), customer_id=FABRIC_ID, query="limit=5"),
        ),
        (
            "https://orders.example.com/adobe/customers/1000000137/orders/?status=1000",
            Found(sources=("adobe",), customer_id="1000000137", query="status=1000"),
        ),
        (
            f"/fabric/customers/{FABRIC_ID}/orders/65a0c0de00000000000000aa/",
            Found(sources=("fabric",), customer_id=FABRIC_ID, order_id="65a0c0de00000000000000aa"),
        ),
        (
            "https://partners.adobe.io/v3/customers/%31000000137/orders",
            None,
        ),
    ],
)
def test_what_is_pasted_leads_where_it_says(text, found):
    assert read(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "ida.varga@example.com",
        "one two three",
        "https://example.com/",
        "https://partners.adobe.io/v3/customers//orders",
        "https://partners.adobe.io/v3/customers/../orders",
        "https://partners.adobe.io/v3/customers/%2e%2e/orders",
        "https://partners.adobe.io/v3/customers/a%2Fb/orders",
        "https://partners.adobe.io/v3/subscriptions/1000000137",
        f"/data-subscription/v1/orders/{FABRIC_ID}/trigger-now",
        "..",
        ". .",
        "1000000137 ..",
        "x" * 65,
        "https://[broken",
        "/sap/customers/1/orders/",
        "1000000137\x005000000001",
    ],
)
def test_what_leads_nowhere_is_nothing(text):
    assert read(text) is None


def test_an_id_that_could_be_either_ones_is_offered_as_both():
    assert read("123456789012345678901234").sources == ("adobe", "fabric")
    assert read("ABC-7").sources == ("adobe", "fabric")


def test_the_chosen_upstream_wins_over_a_guess_but_not_over_an_address():
    assert read("1000000137", chosen="fabric").sources == ("fabric",)
    assert read("/v3/customers/1000000137/orders", chosen="fabric").sources == ("adobe",)


@pytest.mark.parametrize(
    ("customer_id", "sources_"),
    [
        ("1000", ("adobe",)),
        ("PR1400001941", ("adobe",)),
        ("999", ("adobe", "fabric")),
        ("65A0C0DE0000000000000001", ("fabric",)),
        ("customer", ("adobe", "fabric")),
    ],
)
def test_a_guess_goes_by_the_shape_of_the_id(customer_id, sources_):
    assert guess(customer_id, DESCRIPTIONS) == sources_


@given(st.text(max_size=300))
def test_nothing_that_can_be_pasted_is_an_error_or_leads_outside_an_address(text):
    found = read(text)

    if found is not None:
        assert "/" not in found.customer_id + found.order_id
        assert found.customer_id not in {"", ".", ".."}
        assert found.order_id not in {".", ".."}
