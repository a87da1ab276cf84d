"""What most tests need: a sandbox over real HTTP, the portal pointed at it, and people to sign in as."""

import os
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache, caches
from django.core.signals import request_finished, request_started
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client, TransactionTestCase
from hypothesis import settings as hypothesis_settings

from orders.index.products import forget_names
from orders.sandbox import SandboxServer, credentials
from orders.upstreams import registry
from orders.views.system import health
from tests.personas import begin_ledger, empty_ledger, person, restore_roles, signed_in, without_guards
from tests.processes import wait_until
from tests.undefined import fail_on_undefined

pytest_plugins = ["tests.databases", "tests.faults.table"]

# How long one example takes says more about the machine than about the code; pytest's own limit remains.
hypothesis_settings.register_profile("portal", deadline=None)
hypothesis_settings.load_profile("portal")


@pytest.fixture(scope="session")
def sandbox_server() -> Iterator[SandboxServer]:
    """One server for a whole run (of one worker); use `sandbox`, which forgets between tests."""
    with SandboxServer(port=0) as server:
        yield server


@pytest.fixture
def sandbox(sandbox_server: SandboxServer) -> Iterator[SandboxServer]:
    sandbox_server.clear()
    yield sandbox_server
    sandbox_server.clear()


def upstream_settings(url: str) -> dict[str, dict[str, str]]:
    """What the settings would read from the environment, with fixed tokens."""
    return {
        "adobe": {
            "base_url": url,
            "api_key": credentials.ADOBE_API_KEY,
            "access_token": credentials.ADOBE_ACCESS_TOKEN,
            "client_id": "",
            "client_secret": "",
            "token_url": "",
            "scopes": credentials.ADOBE_SCOPES,
        },
        "fabric": {
            "base_url": url,
            "access_token": credentials.FABRIC_ACCESS_TOKEN,
            "client_id": "",
            "client_secret": "",
            "token_url": "",
        },
    }


@pytest.fixture
def upstreams(settings: Any, sandbox: SandboxServer) -> Iterator[SandboxServer]:
    """The portal's upstreams are the sandbox; gives the sandbox, to script faults and read its log."""
    settings.UPSTREAMS = upstream_settings(sandbox.url)
    settings.UPSTREAM_LIMITS = {
        "connect_timeout": 1.0,
        "read_timeout": 1.0,
        "deadline": 2.0,
        "max_body": 8 * 2**20,
    }
    registry.forget_connections()
    yield sandbox
    registry.forget_connections()


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    cache.clear()
    caches["answers"].clear()
    health.remembered.forget()
    forget_names()
    yield
    cache.clear()
    caches["answers"].clear()


@pytest.fixture(autouse=True, scope="session")
def _emptied_tables() -> Iterator[None]:
    """Tests that commit empty all tables afterwards, the guarded ledger too; the roles have to come back."""
    empty = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]  # Django's own, not in its types

    def empty_and_restore(case: TransactionTestCase) -> None:
        with without_guards():
            empty(case)
            begin_ledger()
            restore_roles()
            empty_ledger()  # of what the roles wrote into it
        begin_ledger()

    patch = pytest.MonkeyPatch()
    patch.setattr(TransactionTestCase, "_fixture_teardown", empty_and_restore)
    yield
    patch.undo()


@pytest.fixture(autouse=True, scope="session")
def _transactions_outlive_responses() -> Iterator[None]:
    """A response that a test closes ends its connection as in a server, but no transaction of a test."""
    close = BaseDatabaseWrapper.close_if_unusable_or_obsolete

    def close_outside_transactions(connection: BaseDatabaseWrapper) -> None:
        if not connection.in_atomic_block:
            close(connection)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseDatabaseWrapper, "close_if_unusable_or_obsolete", close_outside_transactions)
        yield


@pytest.fixture(autouse=True, scope="session")
def _undefined_variables_fail() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        fail_on_undefined(patch)
        yield


@pytest.fixture
def agent(db: None) -> Any:
    """A customer-service agent: may view everybody's orders, and nothing else."""
    return person("dana", "customer-service agent")


@pytest.fixture
def portal(agent: Any, upstreams: SandboxServer) -> Client:
    """A browser, signed in as the agent, before a portal whose upstreams are the sandbox."""
    return signed_in(agent)


@pytest.fixture
def live_server(live_server: Any, transactional_db: None) -> Iterator[Any]:
    """The portal, served by threads of this process. What a browser still asked when its test ended is waited
    for: it would meet emptied tables, or the next test.
    """
    running, lock = 0, threading.Lock()

    def count(by: int) -> None:
        nonlocal running
        with lock:
            running += by

    def begun(**_: Any) -> None:
        count(1)

    def ended(**_: Any) -> None:
        count(-1)

    request_started.connect(begun)
    request_finished.connect(ended)
    yield live_server
    wait_until(lambda: running <= 0)
    request_started.disconnect(begun)
    request_finished.disconnect(ended)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """One Chromium for all tests of a worker: Playwright can be started only once in a thread."""
    from playwright.sync_api import expect, sync_playwright

    from tests.browser import chromium

    path = chromium.find()
    if not path and os.environ.get("CI"):
        pytest.fail("no Chromium found: on a Debian, `apt-get install chromium-headless-shell`")
    if not path:
        pytest.skip("no Chromium found: on a Debian, `apt-get install chromium-headless-shell`")
    expect.set_options(timeout=chromium.PATIENCE)
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright keeps an event loop in this thread, in which Django would refuse to ask its database.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        started = chromium.launch(playwright, path)
        yield started
        started.close()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """On CI a skipped test is a failure: what isn't run there is run nowhere."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") and reporter is not None and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
