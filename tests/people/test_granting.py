"""Nobody grants what they don't have: not to others, not to themselves, not by a role, not by a way round."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.test import Client

from orders.people.granting import powers_of, powers_of_role
from orders.people.models import RoleScope
from tests.pages import Page
from tests.personas import PASSWORD, person

pytestmark = pytest.mark.django_db

PEOPLE = ("add_user", "change_user", "delete_user", "view_user")
ROLES = ("add_group", "change_group", "delete_group", "view_group", "add_rolescope", "change_rolescope")


def keys(*codenames: str) -> list[int]:
    return list(Permission.objects.filter(codename__in=codenames).values_list("pk", flat=True))


@pytest.fixture
def keeper() -> Client:
    """Keeps people and roles, and may view the orders of assigned customers; nothing else."""
    role = Group.objects.create(name="keeper")
    role.permissions.set(keys(*PEOPLE, *ROLES, "view_orders"))
    who = person("keeper", "keeper", is_staff=True)
    client = Client()
    client.force_login(who)
    return client


def form_of(page: Page) -> dict[str, Any]:
    """What a browser would send if the form were sent as it stands."""
    form = next(each for each in page.root.all("form") if each.get("id") in {"user_form", "group_form"})
    data: dict[str, Any] = {}
    for field in form.all("input"):
        if field.get("type") in {"checkbox", "radio"} and "checked" not in field.attributes:
            continue
        if field.get("name") and field.get("type") not in {"submit", "file"}:
            data[field["name"]] = field.get("value") or ""
    for select in form.all("select"):
        chosen = [each["value"] for each in select.all("option") if "selected" in each.attributes]
        data[select["name"]] = chosen if "multiple" in select.attributes else (chosen or [""])[0]
    return data


def change(client: Client, address: str, **fields: Any) -> int:
    """Send the page's own form with some fields changed, offered or not."""
    page = Page(client.get(address))
    if page.status != 200 or not page.root.all("input", name="_save"):
        return client.post(address, fields).status_code
    return client.post(address, {**form_of(page), **fields, "_save": "1"}).status_code


def state_of(who: User) -> tuple[Any, ...]:
    now = User.objects.get(pk=who.pk)
    return now.is_superuser, now.password, now.email, now.username, powers_of(now)


def address_of(who: User) -> str:
    return f"/admin/auth/user/{who.pk}/change/"


@pytest.mark.parametrize("target", ["themselves", "somebody below"])
@pytest.mark.parametrize(
    "grant",
    ["superuser", "role", "right", "permission of another table"],
)
def test_what_one_lacks_cannot_be_given(grant: str, target: str, keeper: Client) -> None:
    who = User.objects.get(username="keeper") if target == "themselves" else person("pat")
    before = state_of(who)
    grants: dict[str, dict[str, Any]] = {
        "superuser": {"is_superuser": "on"},
        "role": {"groups": [Group.objects.get(name="administrator").pk]},
        "right": {"user_permissions": keys("export_orders")},
        "permission of another table": {"user_permissions": keys("delete_authenticator")},
    }

    change(keeper, address_of(who), **grants[grant])

    assert state_of(who) == before


def test_what_one_has_can_be_given(keeper: Client) -> None:
    who = person("pat")
    role = Group.objects.create(name="viewer")
    role.permissions.set(keys("view_orders"))

    status = change(
        keeper, address_of(who), groups=[role.pk], user_permissions=keys("view_user"), email="pat@example.org"
    )

    assert status == 302
    assert User.objects.get(pk=who.pk).email == "pat@example.org"
    assert powers_of(who).permissions == {*keys("view_orders", "view_user")}


ABOVE: dict[str, dict[str, Any]] = {
    "a superuser": {"is_superuser": True},
    "a superuser who is switched off": {"is_superuser": True, "is_active": False},
    "an administrator": {"role": "administrator"},
    "somebody with another right": {"right": "read_ledger"},
    "somebody with a wider scope": {"role": "customer-service agent"},
}


@pytest.mark.parametrize("above", ABOVE)
@pytest.mark.parametrize("way", ["form", "password", "delete", "delete several"])
def test_who_is_above_is_not_changed(way: str, above: str, keeper: Client) -> None:
    given = dict(ABOVE[above])
    role, right = given.pop("role", None), given.pop("right", "")
    who = person("boss", *filter(None, (role,)), email="boss@example.org", **given)
    who.user_permissions.set(keys(right))
    before = state_of(who)

    if way == "form":
        status = change(keeper, address_of(who), username="mine", email="mine@example.org", is_active="on")
        assert status == 403
    elif way == "password":
        new = {"password1": "Another-long-1", "password2": "Another-long-1", "usable_password": "true"}
        assert keeper.post(f"/admin/auth/user/{who.pk}/password/", new).status_code == 403
    elif way == "delete":
        assert keeper.post(f"/admin/auth/user/{who.pk}/delete/", {"post": "yes"}).status_code == 403
    else:
        keeper.post(
            "/admin/auth/user/",
            {"action": "delete_selected", "_selected_action": [str(who.pk)], "post": "yes"},
        )

    assert state_of(who) == before


def test_a_superuser_changes_everybody(admin_client: Client) -> None:
    who = person("boss", is_superuser=True)

    assert change(admin_client, address_of(who), email="new@example.org") == 302
    assert change(admin_client, address_of(person("pat")), is_superuser="on") == 302
    assert User.objects.get(username="pat").is_superuser


@pytest.mark.parametrize("role", ["administrator", "supervisor", "customer-service agent"])
@pytest.mark.parametrize("way", ["rename", "delete"])
def test_a_role_above_is_not_changed(way: str, role: str, keeper: Client) -> None:
    group = Group.objects.get(name=role)
    before = powers_of_role(group)
    address = f"/admin/auth/group/{group.pk}/"

    if way == "rename":
        assert change(keeper, f"{address}change/", name="mine", permissions=[]) == 403
    else:
        assert keeper.post(f"{address}delete/", {"post": "yes"}).status_code == 403

    assert powers_of_role(Group.objects.get(name=role)) == before


@pytest.mark.parametrize("grant", ["right", "scope"])
def test_ones_own_role_does_not_grow(grant: str, keeper: Client) -> None:
    role = Group.objects.get(name="keeper")
    RoleScope.objects.create(group=role)
    before = powers_of_role(role)
    fields: dict[str, Any] = {"permissions": [*before.permissions, *keys("read_ledger")]}
    if grant == "scope":
        fields = {"scope-0-scope": "all"}

    change(keeper, f"/admin/auth/group/{role.pk}/change/", **fields)

    assert powers_of_role(Group.objects.get(name="keeper")) == before


ABOVE_BY_ANOTHER_ROLE = {
    # A right of their own that the keeper lacks would hold for everybody's customers.
    "wider": (["view_orders", *PEOPLE, *ROLES], "all", ["reveal_personal_data"], "assigned", "scope"),
    # A right of the keeper's, who has it for some customers alone, would hold for everybody's.
    "more": (["view_orders", "export_orders", *PEOPLE, *ROLES], "assigned", ["view_orders"], "all", "right"),
}


@pytest.mark.parametrize("growth", ABOVE_BY_ANOTHER_ROLE)
def test_nobody_above_grows_by_a_role_that_they_share_with_others(growth: str) -> None:
    rights, scope, theirs, their_scope, what = ABOVE_BY_ANOTHER_ROLE[growth]
    for name, codenames, whose in (
        ("keeper", rights, scope),
        ("theirs", theirs, their_scope),
        ("shared", ["view_orders"], "assigned"),
    ):
        role = Group.objects.create(name=name)
        role.permissions.set(keys(*codenames))
        RoleScope.objects.create(group=role, scope=whose)
    browser = Client()
    browser.force_login(person("keeper", "keeper", is_staff=True))
    pat = person("pat", "shared", "theirs")
    before = powers_of(pat)
    fields: dict[str, Any] = {"permissions": keys("view_orders", "export_orders")}
    if what == "scope":
        fields = {"permissions": keys("view_orders"), "scope-0-scope": "all"}
    address = f"/admin/auth/group/{Group.objects.get(name='shared').pk}/change/"

    assert change(browser, address, **fields) == 403
    assert powers_of(pat) == before

    pat.groups.remove(Group.objects.get(name="theirs"))
    assert change(browser, address, **fields) == 302


def test_a_new_role_has_no_more_than_its_maker(keeper: Client) -> None:
    scope = {"scope-TOTAL_FORMS": "1", "scope-INITIAL_FORMS": "0", "scope-0-scope": "assigned"}
    change(keeper, "/admin/auth/group/add/", name="bad", permissions=keys("export_orders"), **scope)
    change(keeper, "/admin/auth/group/add/", name="wide", permissions=[], **{**scope, "scope-0-scope": "all"})
    change(keeper, "/admin/auth/group/add/", name="good", permissions=keys("view_orders"), **scope)

    assert set(Group.objects.filter(name__in=("bad", "wide", "good")).values_list("name", flat=True)) == {
        "good"
    }


def test_an_administrator_makes_people_with_any_role_of_the_portal(upstreams: Any) -> None:
    client = Client()
    client.force_login(person("ines", "administrator", is_staff=True))
    client.post(
        "/admin/auth/user/add/",
        {"username": "new", "usable_password": "true", "password1": PASSWORD, "password2": PASSWORD},
    )
    new = User.objects.get(username="new")
    roles = list(Group.objects.values_list("pk", flat=True))

    assert change(client, address_of(new), groups=roles) == 302
    assert set(new.groups.values_list("pk", flat=True)) == set(roles)
    change(client, address_of(new), is_superuser="on")
    assert not User.objects.get(username="new").is_superuser


def test_a_superuser_saving_a_form_takes_no_permission_away_unseen(admin_client: Client) -> None:
    role = Group.objects.get(name="supervisor")
    role.permissions.add(*keys("view_authenticator"))
    who = person("pat")
    who.user_permissions.set(keys("view_usersession"))

    assert change(admin_client, f"/admin/auth/group/{role.pk}/change/") == 302
    assert change(admin_client, address_of(who), email="p@example.org") == 302

    assert set(keys("view_authenticator")) <= powers_of_role(role).permissions
    assert powers_of(who).permissions == set(keys("view_usersession"))
