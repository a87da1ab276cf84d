"""Nobody grants what they don't have by a file either: neither customers, nor rights over them."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from orders.people.account_import import NotImported, carry_out, plan
from orders.people.models import AccountCustomer, Assignment, RoleScope
from orders.people.permissions import IMPORTING
from tests.pages import Page
from tests.people.account_import.files import HEADING
from tests.personas import assign, person, signed_in

pytestmark = pytest.mark.django_db

NOT_YOURS = "You can't see this {}, so you can give it to nobody."
MORE = "{} has rights that you don't have, and would have them for these customers."


def somebody(name: str, *codenames: str, sees_all: bool) -> Any:
    """Somebody with a role of these permissions, and those that an import takes."""
    role = Group.objects.create(name=f"role of {name}")
    role.permissions.set(Permission.objects.filter(codename__in=[*codenames, *IMPORTING]))
    RoleScope.objects.create(group=role, scope="all" if sees_all else "assigned")
    return person(name, role.name)


def outcomes(lines: str, actor: Any) -> list[tuple[int, str, str]]:
    return [(each.line, each.state, each.text) for each in plan(HEADING + lines, actor=actor).outcomes]


@pytest.fixture
def clerk() -> Any:
    """Imports accounts, and manages one with the customer C1; sees no others."""
    made = somebody("clerk", "view_orders", "export_orders", sees_all=False)
    assign(made, "adobe", "C1", account="Own")
    assign(person("milo", "account manager"), "adobe", "C2", account="Milo's")
    return made


def test_who_sees_some_accounts_gives_neither_others_nor_their_customers(clerk: Any) -> None:
    lines = "Milo's,,,,clerk\nOwn,,adobe,C2,\nOwn,,adobe,C3,\nMade Anew,,adobe,C1,clerk\nOwn,,,,milo\n"
    assert outcomes(lines, clerk) == [
        (2, "error", NOT_YOURS.format("account")),
        (3, "error", NOT_YOURS.format("customer")),
        (4, "error", NOT_YOURS.format("customer")),
        (5, "moved", "new account; customer moves here from Own, whose managers no longer see it; "
                     "new assignment"),
        (6, "new", "new assignment"),
    ]  # fmt: skip


@pytest.mark.parametrize("line", ["Milo's,,,,clerk", "Own,,adobe,C2,", "Own,,adobe,C3,"])
def test_what_was_refused_is_not_written_past_the_page(line: str, clerk: Any) -> None:
    before = sorted(AccountCustomer.objects.values_list("account__name", "customer_id"))

    with pytest.raises(NotImported):
        carry_out(HEADING + line, actor=clerk)

    assert sorted(AccountCustomer.objects.values_list("account__name", "customer_id")) == before
    assert sorted(Assignment.objects.values_list("account__name", "person__username")) == [
        ("Milo's", "milo"), ("Own", "clerk"),
    ]  # fmt: skip


def test_nobody_is_given_customers_for_rights_that_the_importer_lacks() -> None:
    """Who sees everybody's already, a superuser among them, is given nothing."""
    keeper = somebody("keeper", "view_orders", sees_all=True)
    rita = somebody("rita", "view_orders", "reveal_personal_data", sees_all=False)
    somebody("supra", "view_orders", "reveal_personal_data", sees_all=True)
    person("root", is_superuser=True)
    person("milo").user_permissions.set(Permission.objects.filter(codename="view_orders"))
    assign(rita, "adobe", "C1", account="Rita's")
    lines = (
        "New One,,,,rita\n"
        "New One,,,,supra\n"
        "New One,,,,root\n"
        "New One,,,,milo\n"
        "Rita's,,adobe,C1,rita\n"
        "Rita's,,adobe,C2,\n"
        "New One,,adobe,C3,\n"
    )
    assert outcomes(lines, keeper) == [
        (2, "error", MORE.format("rita")),
        (3, "new", "new account; new assignment"),
        (4, "new", "new assignment"),
        (5, "new", "new assignment"),
        (6, "same", ""),
        (7, "error", MORE.format("rita")),
        (8, "new", "new customer"),
    ]


def test_superusers_administrators_and_the_command_line_import_as_ever(clerk: Any, tmp_path: Any) -> None:
    lines = "Milo's,,adobe,C1,clerk\nNew One,,adobe,C9,milo\n"
    for actor in (None, person("root", is_superuser=True), person("ines", "administrator")):
        assert [state for _, state, _ in outcomes(lines, actor)] == ["moved", "new"]

    file = tmp_path / "accounts.csv"
    file.write_text(HEADING + lines)
    call_command("import_accounts", str(file), "--write")

    assert AccountCustomer.objects.get(customer_id="C1").account.name == "Milo's"


def test_the_page_says_what_is_refused_and_offers_no_button(clerk: Any) -> None:
    browser = signed_in(clerk)
    file = SimpleUploadedFile("accounts.csv", (HEADING + "Milo's,,,,clerk\n").encode())
    address = browser.post("/account-imports/", {"file": file}).headers["Location"]

    page = Page(browser.get(address))
    browser.post(f"{address}carry-out/", {"seal": plan(HEADING + "Milo's,,,,clerk\n").seal})

    assert NOT_YOURS.format("account") in page.text
    assert page.main.all("form") == []
    assert not Assignment.objects.filter(account__name="Milo's", person=clerk).exists()
