"""Amounts have the decimals of their currency, and are never rounded."""

from decimal import Decimal

import pytest

from orders.domain.orders import Money
from orders.presentation.formatters import money


@pytest.mark.parametrize(
    ("amount", "currency", "shown"),
    [
        ("14", "KWD", "KWD\u00a014.000"),
        ("1.5", "BHD", "BHD\u00a01.500"),
        ("1500", "JPY", "JPY\u00a01,500"),
        ("1500", "XAF", "XAF\u00a01,500"),
        ("1500", "XOF", "XOF\u00a01,500"),
        ("14", "EUR", "EUR\u00a014.00"),
        ("14", "eur", "eur\u00a014.00"),
        ("85.068", "EUR", "EUR\u00a085.068"),
        ("1500.50", "JPY", "JPY\u00a01,500.50"),
        ("14", "EURO", "EURO\u00a014.00"),
        ("14", "", "(no currency)\u00a014.00"),
    ],
)
def test_an_amount_has_the_decimals_of_its_currency_and_is_never_rounded(amount, currency, shown):
    assert money(Money(amount=Decimal(amount), currency=currency)) == shown
