"""What adapters declare of themselves is enough for settings, checks and pages, and needs none of them."""

import pytest

from orders.presentation.columns import LINE_COLUMNS, ORDER_COLUMNS, file_registry
from orders.presentation.filtersets import FILTERSETS
from orders.upstreams import catalogue
from tests.processes import output_of

BEFORE_DJANGO = """
from django.conf import settings
from orders.upstreams import catalogue
print(catalogue.names(), settings.configured)
"""
COMMON = {"base_url", "access_token", "client_id", "client_secret", "token_url"}


def test_the_catalogue_is_read_before_there_are_settings():
    assert output_of("-c", BEFORE_DJANGO, environment={}) == "['adobe', 'fabric'] False\n"


@pytest.mark.parametrize("manifest", catalogue.MANIFESTS.values(), ids=lambda each: each.name)
def test_a_manifest_names_only_what_there_is(manifest):
    description, names = manifest.description, {each.name for each in manifest.settings}

    assert names >= COMMON
    assert set(description.columns) <= set(ORDER_COLUMNS)
    assert set(description.line_columns) <= set(LINE_COLUMNS)
    for rows, columns in description.file_columns.items():
        named = {*columns.contract, *columns.prices, *columns.further, *columns.of_order}
        assert named <= set(file_registry(manifest.name, rows))
    assert description.supports - {"limit", "offset"} <= set(description.query.__struct_fields__)
    assert FILTERSETS[manifest.name].query_class is description.query
    for requirement in manifest.requirements:
        assert {requirement.having, *requirement.one_of} <= names


def test_no_two_upstreams_share_a_name():
    assert len(catalogue.MANIFESTS) == len(catalogue.ADAPTERS)


def test_no_two_checks_share_a_number():
    numbers = [each.check_id for manifest in catalogue.MANIFESTS.values() for each in manifest.requirements]

    assert len({*numbers, "orders.W001"}) == len(numbers) + 1
