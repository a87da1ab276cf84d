"""`deploy/nginx.conf`, in a real nginx before a real portal of few threads."""

import os
import shutil
import socket
import ssl

import pytest
import requests

from tests.deploy.proxies import in_front_of
from tests.faultserver import Certificate
from tests.processes import serving, wait_until, without_ours

HALF_A_HEAD = b"GET /accounts/login/ HTTP/1.1\r\nHost: localhost\r\nX-Slow: "
HALF_A_BODY = (
    b"POST /accounts/login/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\n\r\nlogin=dana"
)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    return Certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="module")
def proxy(migrated_sqlite, certificate, tmp_path_factory):
    """nginx before a portal with four threads, set up as docs/on-servers.md says."""
    folder = tmp_path_factory.mktemp("nginx")
    folder.chmod(0o755)
    file = shutil.copy(migrated_sqlite, folder / "portal.sqlite3")
    environment = without_ours(os.environ) | {
        "SECRET_KEY": "k" * 60,
        "ALLOWED_HOSTS": "localhost",
        "DATABASE_URL": f"sqlite:///{file}",
        "DATA_DIR": str(folder / "data"),
        "TRUSTED_PROXY_COUNT": "1",
        "TRUSTED_PROXY_HTTPS_HEADER": "X-Forwarded-Proto",
        "METRICS_TOKEN": "m" * 40,
        "LOG_LEVEL": "WARNING",
    }
    with serving(environment, threads=4) as server, in_front_of([server.port], folder, certificate) as found:
        yield found


@pytest.fixture
def browser_of(certificate, proxy):
    """A visitor who trusts the test's certificate."""
    with requests.Session() as session:
        session.trust_env, session.verify = False, str(certificate.path)
        yield session


def half_sent(proxy, certificate, what):
    plain = socket.create_connection(("127.0.0.1", proxy.tls), timeout=30)
    context = ssl.create_default_context(cafile=str(certificate.path))
    wrapped = context.wrap_socket(plain, server_hostname="localhost")
    wrapped.sendall(what)
    return wrapped


def test_64_half_sent_requests_keep_no_thread_from_anybody(proxy, browser_of, certificate):
    held = [half_sent(proxy, certificate, what) for what in [HALF_A_HEAD, HALF_A_BODY] * 32]
    try:
        answers = [
            browser_of.get(f"https://localhost:{proxy.tls}{path}", timeout=20).status_code
            for path in ["/health/live", "/accounts/login/"] * 5
        ]
    finally:
        for each in held:
            each.close()

    assert answers == [200] * 10


def test_without_tls_visitors_are_sent_where_it_is_and_balancers_get_an_answer(proxy, browser_of):
    sent = browser_of.get(f"http://localhost:{proxy.plain}/x/?y=1", allow_redirects=False, timeout=20)
    asked = browser_of.get(
        f"http://127.0.0.1:{proxy.plain}/health/live", headers={"Host": "10.0.0.7"}, timeout=20
    )

    assert (sent.status_code, sent.headers["Location"]) == (301, "https://localhost/x/?y=1")
    assert asked.status_code == 200


def test_the_portal_knows_that_a_visitor_came_by_tls_and_says_so_for_good(proxy, browser_of):
    page = browser_of.get(
        f"https://localhost:{proxy.tls}/accounts/login/",
        headers={"X-Forwarded-Proto": "http", "Accept-Encoding": "gzip"},
        allow_redirects=False,
        timeout=20,
    )

    assert (page.status_code, page.headers["Content-Encoding"]) == (200, "gzip")
    assert page.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert all(cookie.secure for cookie in page.cookies)


def test_a_body_of_more_than_6_megabytes_never_reaches_the_portal(proxy, browser_of):
    answer = browser_of.post(
        f"https://localhost:{proxy.tls}/lookup/", data=b"q=" + b"x" * 6 * 2**20, timeout=30
    )

    assert answer.status_code == 413


def test_metrics_stay_inside_and_a_look_up_is_in_no_log(proxy, browser_of):
    address = f"https://localhost:{proxy.tls}"
    metrics = browser_of.get(
        f"{address}/metrics", headers={"Authorization": f"Bearer {'m' * 40}"}, timeout=20
    )
    browser_of.get(
        f"{address}/accounts/login/?next=canary-of-a-query", headers={"Referer": "canary-too"}, timeout=20
    )

    # nginx writes its line after the answer has gone out.
    wait_until(lambda: '"/accounts/login/" 200' in proxy.log, seconds=20)

    assert metrics.status_code == 404
    assert "canary" not in proxy.log


def test_where_no_web_server_answers_a_visitor_is_told_to_try_again(certificate, tmp_path, browser_of):
    nobody = 9  # the port that is there to throw away what comes
    with in_front_of([nobody], tmp_path, certificate) as proxy:
        answer = browser_of.get(f"https://localhost:{proxy.tls}/", timeout=20)

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "The portal is starting" in answer.text
