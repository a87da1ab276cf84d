"""What people paste into the look-up box, and where it leads."""

import pytest

from orders.domain.lookup import Found, LookUp, guess
from tests.domain.pasted import DESCRIPTIONS, FABRIC_ID, adobe, fabric, read


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
        *(
            (text, Found(sources=("adobe",), customer_id="1000000137", order_id="5000000001"))
            for text in (
                "customerId=1000000137&orderId=5000000001",
                "?orderId=5000000001&customerId=1000000137&limit=25",
                "customer_id=1000000137&amp;order_id=5000000001",
            )
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
    ],
)
def test_what_is_pasted_leads_where_it_says(text, found):
    assert read(text) == LookUp(found=(found,))


CUSTOMER, ORDER, OTHER_ORDER = "1000000137", "5000000001", "5000000002"


@pytest.mark.parametrize(
    "text",
    [
        "Customer 1000000137",
        "Customer ID: 1000000137",
        "customer-id=1000000137",
        "customerId: 1000000137",
        '"customerId": "1000000137",',
        "#1000000137",
        "1000000137.",
        "(1000000137)",
        "[1000000137]",
        "„1000000137“",
        "«1000000137»",
        "1000000137\u200b",
        "\ufeff1000000137",
        "\u202a1000000137\u202c",
        "10000\u00ad00137",
        "１０００００0137",
        "1000000137.0",
        "1,000,000,137",
        "- 1000000137",
        "Hi, could you please look at customer 1000000137? Thanks!",
        "The customer with the number 1000000137 called.",
        "Customer 1000000137 bought 5 seats on 2026-05-01 at 10:30 for 1,200.50 EUR",
        "customer 1000000137, offer 65304578CA01A12",
        "customer 1000000137, subscription 4f1d8e22b34ab9cd90e1f2a3b4c5d6NA",
        "Ticket 4711: customer 1000000137 has 3YC",
        "Request 22739ace-0da5-41a4-b475-12f677a4cac1 of customer 1000000137",
        "ida.varga99@example.com (customer 1000000137)",
        "customer 1000000137, phone +49 170 1234567",
        "customer 1000000137, tel. 0170 1234567",
        "see https://tickets.example.com/t/12345678 for customer 1000000137",
        "adobe 1000000137",
        "Adobe: 1000000137",
        "1000000137 (Adobe)",
    ],
)
def test_a_customer_is_found_in_whatever_words(text):
    assert read(text) == LookUp(found=(adobe(CUSTOMER),))


@pytest.mark.parametrize(
    "text",
    [
        "customer 1000000137 and order 5000000001",
        "Customer ID: 1000000137, Order ID: 5000000001.",
        "Order 5000000001 of customer 1000000137",
        "customer 1000000137 asks about 5000000001",
        "1000000137 has a question on order 5000000001",
        "{'customerId': '1000000137', 'orderId': '5000000001'}",
        "“1000000137” “5000000001”",
        "1000000137 - 5000000001",
    ],
)
def test_a_customer_and_an_order_are_told_apart_by_the_words_between(text):
    assert read(text) == LookUp(found=(adobe(CUSTOMER, ORDER),))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "1000000137 asked about 5000000001",
            (adobe(CUSTOMER, ORDER), adobe(CUSTOMER), adobe(ORDER)),
        ),
        ("1000000137\n5000000001", (adobe(CUSTOMER, ORDER), adobe(CUSTOMER), adobe(ORDER))),
        (
            "orders 5000000001 and 5000000002 of customer 1000000137",
            (adobe(CUSTOMER, ORDER), adobe(CUSTOMER, OTHER_ORDER)),
        ),
        ("customers 1000000137, 1000000023", (adobe(CUSTOMER), adobe("1000000023"))),
        (f"1000000137 {FABRIC_ID}", (adobe(CUSTOMER), fabric(FABRIC_ID))),
        (f"Adobe 1000000137, fabric {FABRIC_ID}", (adobe(CUSTOMER), fabric(FABRIC_ID))),
        ("Adobe 1000000137, fabric 1000000023", (adobe(CUSTOMER), fabric("1000000023"))),
        (
            "/v3/customers/1000000137/orders and /v3/customers/1000000023/orders",
            (adobe(CUSTOMER), adobe("1000000023")),
        ),
    ],
)
def test_what_can_mean_several_things_is_a_choice_of_them(text, found):
    assert read(text) == LookUp(found=found)


@pytest.mark.parametrize(
    ("text", "customer_id"),
    [
        ("fabric 1000000137", "1000000137"),
        ("1000000137 in fabric", "1000000137"),
        ("please look up 1000000137 in fabric.", "1000000137"),
        ("fabric: 12345", "12345"),
        ("fabric ABC-7", "ABC-7"),
    ],
)
def test_the_upstream_can_be_named_in_words(text, customer_id):
    assert read(text) == LookUp(found=(fabric(customer_id),))


@pytest.mark.parametrize("digits", ["1005", "12345", "02938476"])
@pytest.mark.parametrize("text", ["{}", "customer {}", "please check {} for me"])
def test_short_digits_could_be_either_ones(text, digits):
    assert read(text.format(digits)).found == (Found(sources=("adobe", "fabric"), customer_id=digits),)


@pytest.mark.parametrize(
    ("text", "order_id", "sources_"),
    [
        ("order 5000000001", "5000000001", ("adobe",)),
        ("Order ID: 5000000001", "5000000001", ("adobe",)),
        (f"/data-subscription/v1/orders/{FABRIC_ID}", FABRIC_ID, ("fabric",)),
        ("fabric order 77777", "77777", ("fabric",)),
    ],
)
def test_an_order_alone_is_known_as_one(text, order_id, sources_):
    assert read(text) == LookUp(found=(Found(sources=sources_, order_id=order_id),))


ADOBE_LIST = "https://partners.adobe.io/v3/customers/1000000137/orders"
FABRIC_LIST = f"https://prod01.copilot.fabric.inc/data-subscription/v1/customers/{FABRIC_ID}/orders"
HEADERS = (
    "-H 'X-Api-Key: 1234567890' -H 'Authorization: Bearer 99999999999999' "
    "-H 'X-Correlation-Id: 4444444444' -H 'Content-Type: application/json'"
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            f"curl -X GET '{ADOBE_LIST}?status=1000&limit=5' {HEADERS}",
            adobe(CUSTOMER, "", "status=1000&limit=5"),
        ),
        (f'curl --request GET --url "{ADOBE_LIST}/{ORDER}" {HEADERS}', adobe(CUSTOMER, ORDER)),
        (
            f"curl --location --request GET '{ADOBE_LIST}' \\\n--header 'X-Api-Key: 1234567890'",
            adobe(CUSTOMER),
        ),
        (f"curl {HEADERS} {ADOBE_LIST}", adobe(CUSTOMER)),
        (f'curl "{ADOBE_LIST}" ^\r\n  -H "X-Api-Key: 1234567890"', adobe(CUSTOMER)),
        (
            f"curl --request GET --url {FABRIC_LIST} --header 'authorization: Bearer 88888888888'",
            fabric(FABRIC_ID),
        ),
        (f"GET {ADOBE_LIST} HTTP/1.1\nHost: partners.adobe.io\nX-Request-Id: 1234567890", adobe(CUSTOMER)),
        (f"wget --header='X: 1234567890' {FABRIC_LIST}", fabric(FABRIC_ID)),
        (f"<{ADOBE_LIST}>.", adobe(CUSTOMER)),
        (f"The call {ADOBE_LIST}?offset=25&amp;limit=25 fails.", adobe(CUSTOMER, "", "offset=25&limit=25")),
        ("GET <ENV>/v3/customers/1000000137/orders", adobe(CUSTOMER)),
        (
            "/v3/customers/1000000137?order-type=NEW&status=1002",
            adobe(CUSTOMER, "", "order-type=NEW&status=1002"),
        ),
        ("GET https://partners.adobe.io/v3/customers/1000000137", adobe(CUSTOMER)),
        ("/v3/customers/1000000137/5000000001", adobe(CUSTOMER, ORDER)),
        ("/v3/customers/1000000137/subscriptions", adobe(CUSTOMER)),
        ("customers/1000000137/orders/5000000001", adobe(CUSTOMER, ORDER)),
        (f"/data-subscription/v1/customers/{FABRIC_ID}", fabric(FABRIC_ID)),
        (f"/v1/customers/{FABRIC_ID}/orders", fabric(FABRIC_ID)),
        (
            "https://x.example/portal/adobe/customers/1000000137/orders/export/?rows=lines",
            adobe(CUSTOMER, "", "rows=lines"),
        ),
    ],
)
def test_any_request_of_the_documentation_leads_to_its_page_and_its_headers_nowhere(text, found):
    assert read(text) == LookUp(found=(found,))


def test_an_id_that_could_be_either_ones_is_offered_as_both():
    assert read("123456789012345678901234").found[0].sources == ("adobe", "fabric")
    assert read("ABC-7").found[0].sources == ("adobe", "fabric")


def test_the_chosen_upstream_wins_over_a_guess_but_not_over_an_address():
    assert read("1000000137", chosen="fabric").found == (fabric("1000000137"),)
    assert read("/v3/customers/1000000137/orders", chosen="fabric").found == (adobe("1000000137"),)


@pytest.mark.parametrize(
    ("customer_id", "sources_"),
    [
        ("1000", ("adobe", "fabric")),
        ("123456789", ("adobe",)),
        ("PR1400001941", ("adobe",)),
        ("999", ("adobe", "fabric")),
        ("65A0C0DE0000000000000001", ("fabric",)),
        ("customer", ("adobe", "fabric")),
    ],
)
def test_a_guess_goes_by_the_shape_of_the_id(customer_id, sources_):
    assert guess(customer_id, DESCRIPTIONS) == sources_
