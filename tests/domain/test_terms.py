"""Codes of an upstream, and what they are called."""

import pytest

from orders.domain.terms import NOTHING, Term
from orders.upstreams.adobe_vip_marketplace import terms as adobe
from orders.upstreams.fabric_subscriptions import terms as fabric


@pytest.mark.parametrize("code", ["1004", " 1004", "1004\t", "\u00a01004 \n"])
def test_blanks_around_a_code_are_no_part_of_it(code: str) -> None:
    assert adobe.status(code) == adobe.status("1004")
    assert fabric.status(code.replace("1004", "FAILED")) == fabric.status("FAILED")


def test_a_code_that_nobody_knows_stays_as_it_is() -> None:
    assert adobe.status(" 4 711 ") == Term("4 711", word="4 711", tone="off", known=False)


def test_blanks_alone_are_no_code() -> None:
    assert adobe.status("  ") == NOTHING
