"""Column sets: a person's own, and what an export's address may say about columns."""

import pytest
from django.contrib.auth.models import Group

from orders.exports import column_sets
from orders.exports.models import ColumnSet
from orders.presentation.columns import columns_for
from orders.sandbox import customers
from tests.pages import Page
from tests.personas import person

pytestmark = pytest.mark.django_db

NEW = "/profile/column-sets/new/adobe/orders/"


def names(source: str, rows: str) -> list[str]:
    return [column.name for column in columns_for(source, rows)]


@pytest.fixture
def finance(agent):
    return ColumnSet.objects.create(
        owner=agent, name="for finance", source="adobe", rows="orders", columns=["status", "orderId"]
    )


def chosen(agent, text: str, *, source: str = "adobe", rows: str = "orders") -> list[str]:
    return column_sets.choose(owner=agent, source=source, rows=rows, text=text)


@pytest.mark.parametrize(
    ("role", "is_superuser", "proposed"),
    [
        ("customer-service agent", False, column_sets.WITHOUT_PERSONAL_DATA),
        ("customer-service agent", True, column_sets.WITHOUT_PERSONAL_DATA),
        ("account manager", False, column_sets.EVERY_COLUMN),
    ],
)
def test_what_is_proposed_goes_by_the_role_whatever_else_a_person_may(role, is_superuser, proposed):
    assert column_sets.default_choice(person("pat", role, is_superuser=is_superuser)) == proposed


def test_a_set_keeps_its_columns_in_the_order_of_their_places(portal, agent):
    response = portal.post(
        NEW,
        {
            "name": "for finance",
            "column": ["customerId", "orderId", "status", "currencyCode"],
            "place-status": "1",
            "place-orderId": "20",
            "place-lineItemCount": "3",
        },
    )

    assert (response.status_code, response.headers["Location"]) == (302, "/profile/")
    column_set = ColumnSet.objects.get()
    assert (column_set.owner, column_set.name, column_set.source, column_set.rows) == (
        agent,
        "for finance",
        "adobe",
        "orders",
    )
    assert column_set.columns == ["status", "orderId", "customerId", "currencyCode"]


def test_the_form_of_a_new_set_offers_every_column_ticked_in_the_usual_order(portal):
    page = Page(portal.get(NEW))

    offered = [line["data-choice"] for line in page.root.all("li", data_choice=True)]
    assert offered[: len(names("adobe", "orders"))] == names("adobe", "orders")
    assert set(offered) == set(column_sets.row_type_of("adobe", "orders").names)  # prices, too
    assert {box["value"] for box in page.root.all("input", type="checkbox", checked=True)} == set(
        names("adobe", "orders")
    )


def test_the_form_of_a_set_shows_its_columns_first_and_in_their_places(portal, finance):
    page = Page(portal.get(f"/profile/column-sets/{finance.pk}/"))
    lines = page.root.all("li", data_choice=True)

    assert [
        (
            line["data-choice"],
            line.one("input", class_="place")["value"],
            "checked" in line.one("input", type="checkbox").attributes,
        )
        for line in lines[:3]
    ] == [("status", "1", True), ("orderId", "2", True), ("customerId", "", False)]
    assert len(lines) == len(column_sets.row_type_of("adobe", "orders").names)


def test_a_set_is_changed_and_renamed(portal, finance):
    portal.post(
        f"/profile/column-sets/{finance.pk}/",
        {"name": "For Finance", "column": ["orderId", "status"], "place-orderId": "1", "place-status": "2"},
    )

    finance.refresh_from_db()
    assert (finance.name, finance.columns) == ("For Finance", ["orderId", "status"])


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"name": ""}, "This field is required."),
        ({"name": "x" * 81}, "Ensure this value has at most 80 characters (it has 81)."),
        ({"name": "FOR FINANCE"}, "You have a set of this name for these files."),
        ({"name": "one, two"}, "Choose a name without a comma that is no column's name."),
        ({"name": "orderid"}, "Choose a name without a comma that is no column's name."),
        ({"name": "All"}, "Choose a name without a comma that is no column's name."),
        ({"name": "without-personal-data"}, "Choose a name without a comma that is no column's name."),
        ({"column": []}, "Tick at least one column."),
        (
            {"column": ["password"]},
            "Select a valid choice. password is not one of the available choices.",
        ),
    ],
)
def test_what_makes_no_set_is_said_at_the_field_and_nothing_is_lost(portal, finance, given, words):
    page = Page(portal.post(NEW, {"name": "mine", "column": ["status"], "place-status": "7"} | given))

    assert (page.status, page.root.one(class_="field-error").text) == (400, words)
    assert page.root.one("li", data_choice="status").one("input", class_="place")["value"] == "7"
    assert ColumnSet.objects.count() == 1


def test_a_place_that_is_no_number_counts_as_none(portal):
    portal.post(
        NEW, {"name": "mine", "column": ["orderId", "status"], "place-status": "x", "place-orderId": "2"}
    )

    assert ColumnSet.objects.get().columns == ["orderId", "status"]


def test_a_set_is_deleted(portal, finance):
    page = Page(portal.post(f"/profile/column-sets/{finance.pk}/delete/", follow=True))

    assert "The column set “for finance” was deleted." in page.text
    assert not ColumnSet.objects.exists()


def test_another_persons_set_is_as_good_as_missing(portal, agent, finance, django_user_model):
    finance.owner = django_user_model.objects.create_user("milo")
    finance.save()
    address = f"/profile/column-sets/{finance.pk}/"

    assert [portal.get(address).status_code, portal.post(f"{address}delete/").status_code] == [404, 404]
    assert "for finance" not in Page(portal.get("/profile/")).text
    with pytest.raises(column_sets.UnknownColumns):
        chosen(agent, "for finance")


@pytest.mark.parametrize(
    "address", ["/profile/column-sets/new/adobe/both/", "/profile/column-sets/new/nosuch/orders/"]
)
def test_there_are_no_sets_for_files_that_there_are_not(portal, address):
    assert portal.get(address).status_code == 404


def test_the_profile_lists_sets_with_their_files(portal, finance):
    text = Page(portal.get("/profile/")).text

    assert "for finance Adobe VIP Marketplace, orders · 2 columns" in text


def test_nothing_said_means_all_columns(agent):
    assert (chosen(agent, ""), chosen(agent, "all")) == ([], [])


@pytest.mark.parametrize(
    ("source", "rows", "left_out"),
    [
        ("adobe", "orders", {"externalReferenceId"}),
        ("adobe", "lines", {"externalReferenceId"}),
        ("fabric", "orders", {"errorMessage", "externalReferenceId", "customAttributes"}),
        ("fabric", "lines", {"customAttributes"}),
    ],
)
def test_without_personal_data_the_free_texts_are_left_out(agent, source, rows, left_out):
    kept = chosen(agent, "without-personal-data", source=source, rows=rows)

    assert kept == [name for name in names(source, rows) if name not in left_out]


@pytest.mark.parametrize(
    ("role", "proposed"),
    [("customer-service agent", "without-personal-data"), ("account manager", "all")],
)
def test_the_menu_proposes_what_suits_the_role_and_an_address_means_the_same_for_all(
    portal, agent, role, proposed
):
    agent.groups.add(Group.objects.get(name=role))
    page = Page(portal.get(f"/adobe/customers/{customers.ADOBE_SMALL}/orders/"))
    file = portal.get(f"/adobe/customers/{customers.ADOBE_SMALL}/orders/export/")

    assert page.root.one("select", id="export-columns").one("option", selected=True)["value"] == proposed
    assert file.getvalue().decode().splitlines()[0].split(",") == names("adobe", "orders")


def test_a_set_is_named_in_any_case(agent, finance):
    assert chosen(agent, "FOR Finance") == ["status", "orderId"]


def test_columns_may_be_listed(agent):
    assert chosen(agent, " status, orderId,,status ") == ["status", "orderId"]


def test_a_list_for_two_sheets_names_columns_of_either(agent):
    assert chosen(agent, "orderId,offerId", rows="both") == ["orderId", "offerId"]


@pytest.mark.parametrize(
    ("text", "rows", "words"),
    [
        (
            "for finance",
            "lines",
            "“for finance” is neither a column of the files “Adobe VIP Marketplace, line items” nor a set of "
            "yours for them.",
        ),
        (
            "orderId,offerId,sku",
            "orders",
            "“offerId, sku” is neither a column of the files “Adobe VIP Marketplace, orders” nor a set of "
            "yours for them.",
        ),
    ],
)
def test_what_is_neither_column_nor_set_is_named(agent, finance, text, rows, words):
    with pytest.raises(column_sets.UnknownColumns) as raised:
        chosen(agent, text, rows=rows)

    assert str(raised.value) == words
