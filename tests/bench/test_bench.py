"""The bench itself still works. How fast anything is, no test asks."""

from contextlib import nullcontext
from dataclasses import asdict

import pytest

from orders.upstreams.adobe_vip_marketplace.parse import parse_page as parse_adobe
from orders.upstreams.fabric_subscriptions.parse import parse_page as parse_fabric
from tests.bench import pages, paired, parsing, rendering, run
from tests.bench.figures import Target
from tests.bench.http import BrokenAnswer, Connection, pages_per_second, request_bytes, whole_length
from tests.bench.index import run as index
from tests.bench.paired import Figure
from tests.bench.payloads import adobe_page, fabric_list
from tests.bench.portal import Portal
from tests.bench.upstream import Upstream
from tests.processes import ROOT


def test_the_made_up_upstream_has_the_size_of_a_real_one():
    body = adobe_page("P1005258435", limit=100)
    page = parse_adobe(body)

    assert 74_000 < len(body) < 76_000
    assert sum(len(order.lines) for order in page.orders) == 250
    assert (page.received, page.unreadable, page.has_next) == (100, (), True)
    assert body == adobe_page("P1005258435", limit=100) != adobe_page("2", limit=100)
    assert parse_fabric(fabric_list("1", count=10)).unreadable == ()


def test_pages_follow_each_other():
    first, second = (parse_adobe(adobe_page("1", limit=5, offset=offset)) for offset in (0, 5))
    both = parse_adobe(adobe_page("1", limit=10))

    assert first.orders + second.orders == both.orders


@pytest.mark.django_db
def test_all_that_is_compared_shows_the_same():
    bench = rendering.Bench(4)
    orders = [row.order for row in bench.result.rows]

    for drawn in (bench.table(), bench.loop(), bench.stock(), bench.loop_page()):
        for order in orders:
            assert drawn.count(f">{order.order_id}</a>") == 1
            assert order.status.word in drawn
            assert order.external_reference_id in drawn
            assert order.reference_order_id in drawn
    assert bench.table().count("<td") == bench.loop().count("<td") == bench.stock().count("<td")


@pytest.mark.django_db
def test_ratios_of_rendering_and_parsing():
    measured = rendering.measure(2, rounds=1)

    assert min(asdict(measured).values()) > 0
    assert len(parsing.report(1)) == 5


def test_upstream_answers_by_customer_after_its_latency():
    with Upstream() as upstream:
        connection = Connection(upstream.port)
        connection.ask(pages.upstream_request(25))
        assert len(parse_adobe(connection.body).orders) == 25
        connection.ask(request_bytes("/data-subscription/v1/customers/1/orders"))
        assert len(parse_fabric(connection.body).orders) == 100
        pages.set_latency(upstream.port, 30)
        assert connection.ask(pages.upstream_request(25)).first >= 0.03
        with pytest.raises(BrokenAnswer):
            connection.ask(request_bytes("/elsewhere"))
        connection.close()
        assert pages_per_second(upstream.port, pages.upstream_request(25), clients=2, seconds=0.1) > 0


def test_pages_are_asked_for_through_gunicorn():
    with Upstream() as upstream, Portal(upstream.url) as portal, portal.serving(workers=1) as port:
        found = pages.overhead(portal, port, upstream.port, rows=25, is_new=True, rounds=1)
        assert 0 < found.gzipped < found.size
        rival = pages.against_admin(portal, port, seconds=0.2, rounds=1)
        assert rival.ratio > 0
        assert set(pages.throughput(portal, port, rows=25, seconds=0.2, rounds=1)) == set(pages.CLIENTS)


def test_verdicts():
    assert Target("", 4, 10, 5, "ms").verdict == "ok"
    assert Target("", 7, 10, 5, "ms").verdict == "ok, ambitious missed"
    assert Target("", 11, 10, 5, "ms").verdict == "MISSED"
    assert Target("", 7, 6, 10, "×", is_more_better=True).verdict == "ok, ambitious missed"


def test_check_turns_a_missed_floor_into_a_status(monkeypatch, capsys):
    monkeypatch.setattr(run, "run", lambda size: [Target("slow", 11, 10, 5, "ms")])

    assert run.main([]) == 0
    assert run.main(["--quick", "--check"]) == 1
    assert "MISSED" in capsys.readouterr().out


def test_a_version_beside_another_is_told_as_a_ratio(monkeypatch, capsys):
    dear, cheap = Figure("a page", [10.0, 99.0, 10.0], [11.0, 11.0, 50.0]), Figure("a table", [2.0], [1.0])
    monkeypatch.setattr(paired, "in_process", lambda before, size: [dear])
    monkeypatch.setattr(paired, "over_http", lambda before, size: [cheap])
    monkeypatch.setattr(paired, "checkout_of", lambda revision: nullcontext(ROOT))

    assert paired.main(["v1"]) == 0
    assert paired.main(["v1", "--check"]) == 1
    said = capsys.readouterr().out
    assert "1.10×" in said
    assert "0.50×" in said
    assert said.endswith("Over 1.05×: a page.\n")


def test_half_an_answer_has_no_length_yet():
    assert whole_length(b"HTTP/1.1 200 OK\r\nContent-") is None
    with pytest.raises(BrokenAnswer):
        whole_length(b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n")


def test_as_many_agents_count_as_are_served_in_time():
    assert run.agents_target({250: 18.0, 500: 24.0}).value == 500
    assert run.agents_target({250: 18.0, 500: 80.0}).verdict == "ok, ambitious missed"
    assert run.agents_target({250: 30.0, 500: 80.0}).verdict == "MISSED"


def test_the_index_is_filled_asked_written_to_and_drawn_from():
    found = list(index.measured("sqlite", [400, 2000], customers=10, new=1, times=3))

    assert [figures["orders"] for figures in found] == [400, 2000]
    assert all(value > 0 for figures in found for value in figures.values())
    assert len(list(index.targets(found[0]))) == 10
