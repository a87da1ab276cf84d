"""Adobe's documented parameters, from the address to the question that goes upstream."""

import msgspec
import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from orders.domain.queries import AdobeOrderQuery, Window
from orders.filtersets import AdobeOrderFilterSet
from orders.filtersets.base import WindowForm
from orders.services import describe
from orders.upstreams.adobe_vip_marketplace import PARAMETERS, params

TYPES = sorted(describe("adobe").order_types)
STATUSES = sorted(describe("adobe").statuses)
IDS = st.text("0123456789ABCDEFabcdef-_.", min_size=1, max_size=40)
DATES = st.dates().map(lambda day: day.isoformat())
INSTANTS = st.datetimes().map(lambda moment: moment.strftime("%Y-%m-%dT%H:%M:%SZ").rjust(20, "0"))
# What Adobe documents, one entry per parameter: a list of values where it may repeat.
DOCUMENTED = st.fixed_dictionaries(
    {},
    optional={
        "order-type": st.lists(st.sampled_from(TYPES), min_size=1, max_size=4, unique=True),
        "reseller-id": IDS.map(lambda text: [text]),
        "status": st.lists(
            st.sampled_from([*STATUSES, "1077", "10002"]), min_size=1, max_size=4, unique=True
        ),
        "reference-order-id": IDS.map(lambda text: [text]),
        "offer-id": st.lists(IDS, min_size=1, max_size=4, unique=True),
        "start-date": st.one_of(DATES, INSTANTS).map(lambda text: [text]),
        "end-date": st.one_of(DATES, INSTANTS).map(lambda text: [text]),
        "limit": st.integers(1, 100).map(lambda number: [str(number)]),
        "offset": st.integers(0, 10**6).map(lambda number: [str(number)]),
    },
)


def query_dict(given_):
    data = QueryDict(mutable=True)
    for name, values in given_.items():
        data.setlist(name, values)
    return data


def asked(text):
    """The upstream parameters for a query string of the portal."""
    data = QueryDict(text)
    filters, window = AdobeOrderFilterSet(data), WindowForm(data)
    assert filters.is_valid(), filters.errors_by_parameter()
    assert window.is_valid(), window.errors
    return params(filters.query, window.window(25))


@given(DOCUMENTED)
def test_any_documented_query_becomes_the_same_parameters_upstream(given_):
    start, end = given_.get("start-date", [""])[0], given_.get("end-date", [""])[0]
    if start and end and start[:10] > end[:10]:
        given_ = {**given_, "start-date": [end], "end-date": [start]}
    sent = {"limit": ["25"], "offset": ["0"], **given_}

    found = asked(query_dict(given_).urlencode())

    # The repeats of one parameter keep their order; the parameters stand in a fixed one.
    assert found == [(name, value) for name, values in sorted(sent.items(), key=_place) for value in values]


def _place(entry):
    return ("limit", "offset", *(name for name in PARAMETERS if name not in {"limit", "offset"})).index(
        entry[0]
    )


def test_every_documented_parameter_has_a_field():
    names = set(AdobeOrderFilterSet.parameter_names().values())
    names |= {name.replace("_", "-") for name in WindowForm.base_fields}

    assert names == set(PARAMETERS)


def test_every_filter_fills_a_field_of_the_query_and_every_field_has_a_filter():
    fields = [filter_.field_name for filter_ in AdobeOrderFilterSet.base_filters.values()]

    assert sorted(fields) == sorted(AdobeOrderQuery.__struct_fields__)


@pytest.mark.parametrize("field", AdobeOrderQuery.__struct_fields__)
def test_each_field_of_the_query_changes_what_is_asked(field):
    default = getattr(AdobeOrderQuery(), field)
    value = ("1000",) if isinstance(default, tuple) else "2026-01-01"

    changed = params(msgspec.structs.replace(AdobeOrderQuery(), **{field: value}), Window())

    assert len(changed) == len(params(AdobeOrderQuery(), Window())) + 1


def test_the_form_offers_every_known_type_and_status_with_its_meaning():
    filters = AdobeOrderFilterSet(QueryDict(""))

    assert dict(filters.form.fields["order_type"].choices) == {
        code: term.word for code, term in describe("adobe").order_types.items()
    }
    assert dict(filters.form.fields["status"].choices) == {
        code: term.word for code, term in describe("adobe").statuses.items()
    }


@pytest.mark.parametrize(
    ("query", "start", "end"),
    [
        ("start-date=2026-01-05&end-date=2026-02-06", "2026-01-05", "2026-02-06"),
        (
            "start-date=2026-01-05&end-date=2026-02-06&whole-days=1",
            "2026-01-05T00:00:00Z",
            "2026-02-06T23:59:59Z",
        ),
        (
            "start-date=2026-01-05T10:00:00Z&end-date=2026-02-06T11:00:00Z&whole-days=1",
            "2026-01-05T10:00:00Z",
            "2026-02-06T11:00:00Z",
        ),
    ],
)
def test_a_bare_date_means_the_whole_day_only_where_that_is_said(query, start, end):
    assert asked(query) == [
        ("limit", "25"),
        ("offset", "0"),
        ("start-date", start),
        ("end-date", end),
    ]


@pytest.mark.parametrize("limit", ["101", "500", "99999999999999999999"])
def test_a_limit_over_the_maximum_means_the_maximum(limit):
    assert asked(f"limit={limit}") == [("limit", "100"), ("offset", "0")]


def test_offer_ids_may_repeat_or_stand_in_one_box():
    several = [("limit", "25"), ("offset", "0"), ("offer-id", "A1"), ("offer-id", "B2"), ("offer-id", "C3")]

    assert asked("offer-id=A1&offer-id=B2&offer-id=C3") == several
    assert asked("offer-id=A1,%20B2++C3&offer-id=") == several


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("start-date=yesterday", "start-date"),
        ("start-date=2026-02-30", "start-date"),
        ("start-date=2026-01-05T10:00:00%2B02:00", "start-date"),
        ("end-date=05.01.2026", "end-date"),
        ("end-date=2026-01-05T25:00:00Z", "end-date"),
        ("end-date=%D9%A2%D9%A0%D9%A2%D9%A6-01-05", "end-date"),
        ("start-date=2026-03-01&end-date=2026-02-01", "end-date"),
        ("order-type=BOGUS", "order-type"),
        ("order-type=NEW&order-type=new", "order-type"),
        ("status=done", "status"),
        ("status=1", "status"),
        ("offer-id=" + "x" * 65, "offer-id"),
        ("offer-id=a%00b", "offer-id"),
        ("reseller-id=" + "x" * 65, "reseller-id"),
        ("reference-order-id=a%00b", "reference-order-id"),
    ],
)
def test_a_bad_value_is_an_error_at_its_own_parameter(query, parameter):
    filters = AdobeOrderFilterSet(QueryDict(query))

    assert not filters.is_valid()
    assert list(filters.errors_by_parameter()) == [parameter]


@pytest.mark.parametrize("query", ["limit=0", "limit=-5", "limit=ten", "limit=2.5", "offset=-1", "offset=x"])
def test_a_bad_window_is_an_error_at_limit_or_offset(query):
    form = WindowForm(QueryDict(query))

    assert not form.is_valid()
    assert list(form.errors) == [query.partition("=")[0]]


def test_unknown_parameters_are_named_and_known_ones_are_not():
    filters = AdobeOrderFilterSet(QueryDict("status=1000&whole-days=1&fetch-price=true&limit=5&Status=1"))

    assert filters.unknown_parameters(frozenset({"limit"})) == ["Status", "fetch-price"]


def test_a_queryset_is_never_pretended():
    with pytest.raises(TypeError):
        _ = AdobeOrderFilterSet(QueryDict("")).qs
