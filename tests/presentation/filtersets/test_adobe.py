"""Adobe's documented parameters, from the address to the question that goes upstream."""

import re
from datetime import UTC, datetime
from urllib.parse import parse_qsl

import msgspec
import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from orders.domain.queries import PageRequest
from orders.presentation.filtersets.adobe import MOST_OFFERS, STATUSES, AdobeOrderFilterSet
from orders.presentation.filtersets.adobe import ORDER_TYPES as TYPES
from orders.presentation.filtersets.base import PageForm
from orders.services import describe
from orders.upstreams.adobe_vip_marketplace import PARAMETERS, params
from orders.upstreams.adobe_vip_marketplace.request_parameters import AdobeOrderQuery

# A full stop at either end is taken for the sentence's.
IDS = st.from_regex(r"[0-9A-Za-z_-]([0-9A-Za-z._-]{0,38}[0-9A-Za-z_-])?", fullmatch=True)
DATES = st.dates().map(lambda day: day.isoformat())
INSTANTS = st.datetimes().map(lambda moment: moment.strftime("%Y-%m-%dT%H:%M:%SZ").rjust(20, "0"))
# What Adobe documents, one entry per parameter: a list of values where it may repeat.
DOCUMENTED = st.fixed_dictionaries(
    {},
    optional={
        "order-type": st.lists(
            st.sampled_from([*TYPES, "PREVIEW", "REFUND_2027"]), min_size=1, max_size=4, unique=True
        ),
        "reseller-id": IDS.map(lambda text: [text]),
        "status": st.lists(
            st.sampled_from([*STATUSES, "1009", "1077", "10002"]), min_size=1, max_size=4, unique=True
        ),
        "reference-order-id": IDS.map(lambda text: [text]),
        "offer-id": st.lists(IDS, min_size=1, max_size=4, unique=True),
        "start-date": st.one_of(DATES, INSTANTS).map(lambda text: [text]),
        "end-date": st.one_of(DATES, INSTANTS).map(lambda text: [text]),
        "fetch-price": st.just(["true"]),
        "limit": st.integers(1, 100).map(lambda number: [str(number)]),
        "offset": st.integers(0, 10**6).map(lambda number: [str(number)]),
    },
)


def query_dict(given_):
    data = QueryDict(mutable=True)
    for name, values in given_.items():
        data.setlist(name, values)
    return data


def as_moment(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def asked(text):
    """The upstream parameters for a query string of the portal."""
    data = QueryDict(text)
    filters = AdobeOrderFilterSet(data)
    page = PageForm(filters.data)
    assert filters.is_valid(), filters.errors_by_parameter()
    assert page.is_valid(), page.errors
    assert isinstance(filters.query, AdobeOrderQuery)
    return params(filters.query, page.page_request(25))


@given(DOCUMENTED)
def test_any_documented_query_becomes_the_same_parameters_upstream(given_):
    start, end = given_.get("start-date", [""])[0], given_.get("end-date", [""])[0]
    if start and end and as_moment(start) > as_moment(end):
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
    names |= {name.replace("_", "-") for name in PageForm.base_fields}

    assert names == {*PARAMETERS, "lines", "period", "product"}


def test_every_filter_fills_a_field_of_the_query_and_every_field_has_a_filter():
    fields = [filter_.field_name for filter_ in AdobeOrderFilterSet.base_filters.values()]

    # A period is read into dates, a product asked for by its offers; rows are selected in a list, for a file.
    own = [name for name in fields if name != "period"]
    asked = [name for name in AdobeOrderQuery.__struct_fields__ if name != "order_ids"]
    assert sorted(own) == sorted([*asked, "offer_ids"])


@pytest.mark.parametrize("field", sorted({*AdobeOrderQuery.__struct_fields__} - {"lines_mixed", "order_ids"}))
def test_each_field_of_the_query_changes_what_is_asked(field):
    default = getattr(AdobeOrderQuery(), field)
    value = {tuple: ("1000",), bool: True, str: "2026-01-01"}[type(default)]

    changed = params(msgspec.structs.replace(AdobeOrderQuery(), **{field: value}), PageRequest())

    assert len(changed) == len(params(AdobeOrderQuery(), PageRequest())) + 1


def test_the_form_offers_what_an_order_can_be_the_documented_first():
    fields = AdobeOrderFilterSet(QueryDict("")).form.fields

    assert [code for code, _ in fields["status"].choices] == [
        *("1000", "1002", "1004", "1026"),
        *("1008", "1020", "1022", "1024"),
    ]
    assert fields["status"].widget.in_view == 4
    assert [code for code, _ in fields["order_type"].choices] == [
        *("NEW", "RENEWAL", "RETURN", "TRANSFER", "SWITCH", "REVERT_SWITCH")
    ]
    assert dict(fields["status"].choices)["1020"] == describe("adobe").statuses["1020"].word


@pytest.mark.parametrize(
    "query", ["order-type=PREVIEW_RENEWAL&order-type=REFUND", "status=1009&status=1077", "order-type=SWITCH"]
)
def test_unlisted_codes_of_the_right_shape_are_sent_and_keep_their_box_in_the_form(query):
    filters = AdobeOrderFilterSet(QueryDict(query))

    assert asked(query) == [("limit", "25"), ("offset", "0"), *parse_qsl(query)]
    for name, value in parse_qsl(query):
        drawn = str(filters.form[name.replace("-", "_")])
        assert re.search(f'value="{value}" checked', drawn)


@pytest.mark.parametrize(
    "name", ["reseller-id", "reference-order-id", "start-date", "end-date", "whole-days"]
)
def test_what_can_have_one_value_is_refused_with_two(name):
    two = {"start-date": ("2026-01-01", "2026-01-02"), "end-date": ("2026-01-01", "2026-01-02")}
    first, second = two.get(name, ("1", "2"))

    filters = AdobeOrderFilterSet(QueryDict(f"{name}={first}&{name}={second}"))

    assert not filters.is_valid()
    assert list(filters.form.errors) == [name.replace("-", "_")]
    assert first in filters.form.errors[name.replace("-", "_")][0]
    assert second in filters.form.errors[name.replace("-", "_")][0]


@pytest.mark.parametrize(
    "query",
    [
        "reseller-id=77&reseller-id=77",
        "reseller-id=77&reseller-id=",
        "reseller-id=&reseller-id=77",
        "reseller-id=77&reseller-id=%E2%80%9C77%E2%80%9D.",
    ],
)
def test_the_same_value_twice_or_beside_a_blank_is_one_value(query):
    assert asked(query) == [("limit", "25"), ("offset", "0"), ("reseller-id", "77")]


@given(st.sets(st.sampled_from(PARAMETERS), min_size=1), st.sampled_from(["", " ", "%E2%80%8B", "%C2%A0"]))
def test_blank_parameters_are_as_if_they_were_absent(names, blank):
    assert asked("&".join(f"{name}={blank}" for name in sorted(names))) == asked("")


@given(
    st.sampled_from(["reseller-id", "reference-order-id", "offer-id"]),
    IDS,
    st.text("\u200b\u00ad\ufeff\u202e\u2066\u00a0 .,;\u201c\u201d()#'", max_size=4),
    st.text("\u200b\u00ad\ufeff\u202e\u2066\u00a0 .,;\u201c\u201d()#'", max_size=4),
)
def test_an_id_is_sent_as_it_was_meant(name, identifier, before, after):
    data = (
        query_dict({name: [before + identifier + after]})
        if name != "offer-id"
        else query_dict({name: [f"{before}{identifier}"]})
    )

    assert asked(data.urlencode())[2:] == [(name, identifier)]


def test_the_form_and_the_chips_show_an_id_as_it_is_asked_for():
    filters = AdobeOrderFilterSet(QueryDict("reseller-id=%E2%80%9C0077%E2%80%9D."))

    assert 'value="0077"' in str(filters.form["reseller_id"])
    assert filters.chips() == [("reseller-id", "0077", "Reseller ID: 0077")]


@pytest.mark.parametrize(
    ("start", "end", "whole_days", "is_fine"),
    [
        ("2026-05-01T12:00:00Z", "2026-05-01T11:59:59Z", "", False),
        ("2026-05-01T12:00:00Z", "2026-05-01T12:00:00Z", "", True),
        ("2026-05-01T12:00:00.5Z", "2026-05-01T12:00:00.4Z", "", False),
        ("2026-05-01T12:00Z", "2026-05-01T11:00:00Z", "", False),
        ("2026-05-01T12:00:00Z", "2026-05-01", "", False),
        ("2026-05-01T12:00:00Z", "2026-05-01", "1", True),
        ("2026-05-01", "2026-05-01", "", True),
        ("2026-05-02", "2026-05-01", "1", False),
        ("2026-05-01", "2026-05-01T00:00:00Z", "", True),
    ],
)
def test_an_end_before_its_start_is_refused_to_the_second(start, end, whole_days, is_fine):
    filters = AdobeOrderFilterSet(QueryDict(f"start-date={start}&end-date={end}&whole-days={whole_days}"))

    assert filters.is_valid() is is_fine
    assert is_fine or list(filters.errors_by_parameter()) == ["end-date"]


@given(st.datetimes(timezones=st.just(UTC)), st.datetimes(timezones=st.just(UTC)))
def test_two_instants_are_compared_as_instants(one, other):
    sent = [f"{moment.isoformat()[:19]}Z" for moment in (one, other)]

    filters = AdobeOrderFilterSet(QueryDict(f"start-date={sent[0]}&end-date={sent[1]}"))

    assert filters.is_valid() is (sent[0] <= sent[1])


def test_as_many_offers_as_the_form_says_can_be_asked_for_and_not_one_more():
    offers = [f"6530{number:04}CA01A12" for number in range(MOST_OFFERS + 1)]
    fits = AdobeOrderFilterSet(QueryDict(f"offer-id={','.join(offers[:-1])}"))
    exceeds = AdobeOrderFilterSet(QueryDict(f"offer-id={','.join(offers)}"))

    assert fits.is_valid()
    assert fits.query == AdobeOrderQuery(offer_ids=tuple(offers[:-1]))
    assert str(MOST_OFFERS) in fits.form["offer_id"].label
    assert exceeds.errors_by_parameter() == {
        "offer-id": [f"These are {MOST_OFFERS + 1}; at most {MOST_OFFERS} can be asked for at once."]
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
        ("order-type=-", "order-type"),
        ("order-type=New%20order", "order-type"),
        ("reseller-id=.", "reseller-id"),
        ("reseller-id=a%20b", "reseller-id"),
        ("reference-order-id=a/b", "reference-order-id"),
        ("offer-id=a%26b", "offer-id"),
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
    form = PageForm(QueryDict(query))

    assert not form.is_valid()
    assert list(form.errors) == [query.partition("=")[0]]


def test_unknown_parameters_are_named_and_known_ones_are_not():
    filters = AdobeOrderFilterSet(
        QueryDict("status=1000&whole-days=1&fetch-price=true&lines=mixed&limit=5&Status=1&x=")
    )

    assert filters.unknown_parameters(frozenset({"limit"})) == ["Status", "x"]


@pytest.mark.parametrize(
    ("query", "sent"),
    [
        ("fetch-price=true", [("fetch-price", "true")]),
        ("fetch-price=TRUE", [("fetch-price", "true")]),
        ("fetch-price=false", []),
        ("fetch-price=", []),
        ("lines=mixed", []),
    ],
)
def test_prices_are_asked_for_where_they_are_wanted_and_lines_are_no_affair_of_adobes(query, sent):
    assert asked(query)[2:] == sent


@pytest.mark.parametrize("query", ["fetch-price=yes", "lines=some", "fetch-price=true&fetch-price=false"])
def test_a_switch_knows_its_own_words_alone(query):
    filters = AdobeOrderFilterSet(QueryDict(query))

    assert not filters.is_valid()
    assert list(filters.errors_by_parameter()) == [query.partition("=")[0]]


def test_prices_are_not_asked_for_on_behalf_of_somebody_who_may_not_see_them():
    filters = AdobeOrderFilterSet(QueryDict("fetch-price=true&status=1000"), shows_prices=False)

    assert filters.is_valid()
    assert filters.query == AdobeOrderQuery(statuses=("1000",))
    assert filters.withheld == {"fetch-price"}
    assert filters.chips() == [("status", "1000", "Status: Completed")]


def test_prices_take_no_order_away():
    assert not AdobeOrderFilterSet(QueryDict("fetch-price=true")).is_filtered
    assert AdobeOrderFilterSet(QueryDict("fetch-price=true&lines=mixed")).is_filtered


def test_a_queryset_is_never_pretended():
    with pytest.raises(TypeError):
        _ = AdobeOrderFilterSet(QueryDict("")).qs
