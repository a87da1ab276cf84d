"""What forms and addresses send of themselves: ways back that lead elsewhere, and numbers without end."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from orders.people.api_tokens import Scope, live_tokens, make_token
from orders.sandbox import customers
from orders.views.shared.given import number_in
from tests.personas import assign, person, signed_in

pytestmark = pytest.mark.django_db

ORDER = f"/adobe/customers/{customers.ADOBE_SMALL}/orders/1000000071/"
LEAD_BACK = {
    "/theme/": {"theme": "dark"},
    "/profile/security/seen/": {},
    "/exports/notice/": {},
    "/list-columns/adobe/": {"column": "orderId"},
    f"{ORDER}unwatch/": {},
}
DIGITS = "9" * 5_000


@pytest.mark.parametrize("address", LEAD_BACK)
def test_a_form_leads_back_to_pages_of_ours_alone(portal: Client, address: str) -> None:
    def leads_to(asked: str) -> str:
        response = portal.post(address, {**LEAD_BACK[address], "next": asked})
        assert response.status_code == 302
        return response.headers["Location"]

    home = ORDER if address.startswith(ORDER) else "/"

    assert leads_to("/ledger/?page=2") == "/ledger/?page=2"
    for elsewhere in ("profile", "nowhere", "", "https://evil.example/", "//evil.example", "/\\evil.example"):
        assert leads_to(elsewhere) == home
    assert leads_to("/a\r\nSet-Cookie: b=c").partition("%")[0] in {"/a", home}


def test_a_number_is_read_as_we_write_it() -> None:
    read = {
        text: number_in(text) for text in ("0", "12", "999999999", "1234567890", "", "-1", "1.0", "٣", "x")
    }

    assert read == {
        "0": 0,
        "12": 12,
        "999999999": 999_999_999,
        **dict.fromkeys(("1234567890", "", "-1", "1.0", "٣", "x")),
    }


@pytest.mark.parametrize("number", [DIGITS, "9" * 30])
def test_a_number_without_end_is_no_fault_of_ours(portal: Client, number: str) -> None:
    asked = [
        portal.get(address + number + rest).status_code
        for address, rest in (
            ("/portfolio/", "/"),
            ("/portfolio/sets/", "/"),
            ("/portfolio/?account=", ""),
            ("/portfolio/?set=", ""),
            ("/attention/?account=", ""),
            ("/attention/?offset=", ""),
            ("/schedules/?what=attention&account=", ""),
            ("/notices/", "/"),
            ("/notices/?offset=", ""),
            ("/products/?page=", ""),
            (f"/adobe/customers/{customers.ADOBE_SMALL}/orders/?view=", ""),
            (f"/adobe/customers/{customers.ADOBE_SMALL}/orders/?offset=", ""),
            (f"/adobe/customers/{customers.ADOBE_SMALL}/orders/?at=1&of=", ""),
        )
    ]
    sent = [
        portal.post(address, given).status_code
        for address, given in (
            ("/portfolio/sets/", {"name": "Mine", "account": number, "shown": number}),
            ("/portfolio/refresh/", {"account": number}),
            ("/list-columns/adobe/", {"column": "orderId", "place-orderId": number}),
            (f"/saved-views/{number}/delete/", {}),
            ("/saved-views/default/", {"source": "adobe", "view": number}),
            (f"/schedules/{number}/run/", {}),
            (
                "/schedules/",
                {"name": "x", "what": "attention", "every": "day", "at": "07:00", "account": number},
            ),
            ("/attention/seen/", {"order": f"adobe:{number}:{number}", "back": f"account={number}"}),
        )
    ]

    assert [status for status in (*asked, *sent) if status >= 500] == []


def test_a_token_that_cant_be_meant_revokes_none(db: Any) -> None:
    theirs: User = person("dana", "customer-service agent")
    make_token(owner=theirs, name="nightly", scopes=[Scope.READ])
    client = signed_in(person("ada", "administrator"))

    for token in (DIGITS, "x", "-1"):
        client.post(f"/people/{theirs.pk}/tokens/revoke/", {"token": token, "reason": "a test of it"})

    assert [each.name for each in live_tokens(theirs)] == ["nightly"]


def test_a_sign_that_no_database_takes_is_no_fault_of_ours(upstreams: Any) -> None:
    who = person("ada", "administrator")
    assign(who, "adobe", "1000000801")
    client = signed_in(who)
    nul = "%00"

    asked = [
        client.get(address).status_code
        for address in (
            f"/products/?q=a{nul}b",
            f"/people/?q=a{nul}b",
            f"/portfolio/?q=a{nul}b",
            f"/portfolio/?set=a{nul}b",
            f"/attention/?set=a{nul}b",
            f"/portfolio/sets/?q=a{nul}b",
            f"/ledger/?customer=a{nul}b",
            f"/ledger/?person=a{nul}b",
            f"/schedules/?what=attention&set=a{nul}b",
            f"/adobe/customers/{customers.ADOBE_SMALL}/orders/?view=a{nul}b",
            f"/adobe/customers/{customers.ADOBE_SMALL}/orders/?reseller-id=a{nul}b",
        )
    ]
    sent = [
        client.post(address, given).status_code
        for address, given in (
            ("/attention/seen/", {"order": "adobe:1000000801:a\0b"}),
            ("/portfolio/refresh/", {"set": "a\0b"}),
            ("/portfolio/sets/", {"name": "a\0b"}),
            ("/saved-views/default/", {"source": "adobe", "view": "a\0b"}),
            ("/list-columns/adobe/", {"column": "a\0b"}),
            ("/lookup/", {"q": "a\0b 1000000801"}),
        )
    ]

    assert [status for status in (*asked, *sent) if status >= 500] == []
