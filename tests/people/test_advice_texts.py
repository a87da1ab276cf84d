"""Administrators' own words for what to tell the customer."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from orders.people.advice_texts import edited_texts
from orders.people.models import AdviceText
from orders.sandbox import SandboxServer, customers
from tests.pages import Page
from tests.personas import person

pytestmark = pytest.mark.django_db

UNKNOWN = f"/adobe/customers/{customers.ADOBE_UNKNOWN}/orders/"
CHANGE = "admin:orders_advicetext"


@pytest.fixture
def agent() -> Client:
    client = Client()
    client.force_login(person("pat", "customer-service agent"))
    return client


@pytest.fixture
def order(upstreams: SandboxServer) -> Any:
    upstreams.add_adobe_orders("4400000009", [{"orderId": "90", "orderType": "NEW", "status": "1004"}])
    yield "/adobe/customers/4400000009/orders/90/"
    upstreams.forget_added_orders()


def advice_on(client: Client, address: str) -> str:
    return Page(client.get(address)).root.one(data_advice=True).text


def test_an_edited_text_is_on_the_page_and_without_it_ours(agent: Client, order: str) -> None:
    assert "Adobe gives no reason" in advice_on(agent, order)

    own = AdviceText.objects.create(topic="adobe.status.1004", language="en-gb", text="Ring Ida.")
    AdviceText.objects.create(topic="adobe.status.1004", language="de", text="Ida anrufen.")
    assert advice_on(agent, order) == "Ring Ida."

    own.text = "Ring Tomas."
    own.save()
    assert advice_on(agent, order) == "Ring Tomas."

    own.delete()
    assert "Adobe gives no reason" in advice_on(agent, order)


def test_an_errors_text_stands_on_the_failures_page(agent: Client, upstreams: SandboxServer) -> None:
    assert "Adobe knows none like this one" in advice_on(agent, UNKNOWN)

    AdviceText.objects.create(topic="adobe.error.1116", language="en-gb", text="Ask for the invoice.")
    assert advice_on(agent, UNKNOWN) == "Ask for the invoice."


def test_what_was_looked_up_once_costs_no_question_more(django_assert_num_queries: Any) -> None:
    AdviceText.objects.create(topic="adobe.status.1004", language="en-gb", text="Ring Ida.")
    edited_texts()

    with django_assert_num_queries(0):
        assert edited_texts() == {"adobe.status.1004": "Ring Ida."}


def test_nothing_edited_is_remembered_too(django_assert_num_queries: Any) -> None:
    edited_texts()

    with django_assert_num_queries(0):
        assert edited_texts() == {}


def test_markup_in_a_text_is_shown_as_it_was_typed(agent: Client, order: str) -> None:
    AdviceText.objects.create(topic="adobe.status.1004", language="en-gb", text="<b>Ring</b>")

    assert advice_on(agent, order) == "<b>Ring</b>"


def test_an_administrator_edits_texts_beside_what_they_replace(settings: Any) -> None:
    ada = person("ada", "administrator")
    ada.is_staff = True
    ada.save()
    client = Client()
    client.force_login(get_user_model().objects.get(pk=ada.pk))

    added = client.post(
        reverse(f"{CHANGE}_add"),
        {"topic": "adobe.status.1004", "language": "en-gb", "text": "Ring Ida."},
    )
    own = AdviceText.objects.get()
    page = client.get(reverse(f"{CHANGE}_change", args=[own.pk])).content.decode()
    refused = client.post(
        reverse(f"{CHANGE}_add"), {"topic": "no.such", "language": "xx", "text": "Ring Ida."}
    )

    assert added.status_code == 302
    assert (own.topic, own.language, own.text) == ("adobe.status.1004", "en-gb", "Ring Ida.")
    assert "Tell the customer that the order failed" in page
    assert "documented: Adobe, references/status-codes" in page
    assert refused.status_code == 200
    assert AdviceText.objects.count() == 1


def test_others_may_not_edit_texts() -> None:
    sam = person("sam", "supervisor")
    sam.is_staff = True
    sam.save()
    client = Client()
    client.force_login(get_user_model().objects.get(pk=sam.pk))

    assert client.get(reverse(f"{CHANGE}_add")).status_code == 403
