"""What a third upstream takes, done to a copy of the portal: a folder, a filter set, a name in a list."""

import difflib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.processes import ROOT, without_ours
from tests.upstreams.third_upstream.server import TOKEN, house

EXAMPLE = Path(__file__).parent
FOLDER = "orders/upstreams/parcel_house"
FILTERS = "orders/presentation/filtersets/parcels.py"
LIST = "orders/upstreams/catalogue.py"

FILTERED = """
import django; django.setup()
from django.http import QueryDict
from orders.presentation.filtersets import FILTERSETS
filters = FILTERSETS["parcels"](QueryDict("state=SENT"))
print(filters.is_valid(), filters.query)
"""

ADVISED = """
import django; django.setup()
from datetime import UTC, datetime
from orders.domain.orders import Order
from orders.domain.results import OrderRow
from orders.domain.retry_status import retry_status
from orders.domain.terms import Term
from orders.presentation.texts import advice
for code in ("LOST", "SENT"):
    order = Order(order_id="1", status=Term(code, code, known=True))
    status = retry_status(order, now=datetime.now(UTC))
    row = OrderRow(source="parcels", customer_id="CL-1", order=order, retry_status=status)
    print(advice.told(advice.order_topics(row), {}))
"""


@pytest.fixture(scope="module")
def portal_of_three(tmp_path_factory):
    """A copy of the portal that has been taught Parcel House, by the guide and nothing else."""
    root = tmp_path_factory.mktemp("portal")
    for name in ("orders", "orders_portal", "templates", "static"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "manage.py", root)
    shutil.copytree(EXAMPLE / "parcel_house", root / FOLDER, ignore=shutil.ignore_patterns("__pycache__"))
    for path in (root / FOLDER).glob("*.py"):
        ours = path.read_text().replace(
            "tests.upstreams.third_upstream.parcel_house", "orders.upstreams.parcel_house"
        )
        path.write_text(ours)
    shutil.copy(EXAMPLE / "parcels.py", root / FILTERS)
    adapters = "adobe_vip_marketplace, fabric_subscriptions"
    listed = (root / LIST).read_text().replace(adapters, f"{adapters}, parcel_house")
    (root / LIST).write_text(listed)
    return root


def ran(root, *arguments, **environment):
    """What the copied portal prints, set up from this environment alone."""
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=root,
        env={
            **without_ours(os.environ),
            "PYTHONPATH": str(root),
            "DJANGO_SETTINGS_MODULE": "orders_portal.settings",
            "SECRET_KEY": "s" * 60,
            "DATABASE_URL": "sqlite://:memory:",
            "PARCELS_ACCESS_TOKEN": TOKEN,
            **environment,
        },
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    return done.stdout + done.stderr


def changes(root):
    """The files that are new or different, apart from the adapter's folder, with how many lines are."""
    found = {}
    for path in sorted(root.rglob("*.py")):
        name = path.relative_to(root).as_posix()
        before = (ROOT / name).read_text().splitlines() if (ROOT / name).exists() else []
        lines = difflib.ndiff(before, path.read_text().splitlines())
        if not name.startswith(FOLDER) and (new := [line for line in lines if line.startswith("+ ")]):
            found[name] = len(new)
    return found


def test_it_is_asked_with_settings_from_the_environment(portal_of_three):
    with house() as server:
        said = ran(portal_of_three, "manage.py", "check_upstreams", PARCELS_BASE_URL=server.url)

    assert said.splitlines()[-1] == "parcels: answers and accepts our credentials"


def test_its_filters_are_found(portal_of_three):
    assert ran(portal_of_three, "-c", FILTERED) == "True ParcelQuery(order_ids=(), statuses=('SENT',))\n"


def test_its_advice_stands_in_its_folder(portal_of_three):
    assert ran(portal_of_three, "-c", ADVISED) == "['Ask the customer to wait for us.']\n[]\n"


def test_its_settings_are_checked_like_the_others(portal_of_three):
    malformed = ran(portal_of_three, "manage.py", "check", PARCELS_BASE_URL="ftp://parcels.example")
    half = ran(portal_of_three, "manage.py", "check", PARCELS_CLIENT_ID="portal")

    assert "PARCELS_BASE_URL is malformed." in malformed
    assert "parcels is configured by half: also set PARCELS_CLIENT_SECRET, PARCELS_TOKEN_URL" in half


def test_three_places_are_touched(portal_of_three):
    """Its folder, one new file, and the list of adapters: the import and the entry."""
    own = [path for path in (portal_of_three / FOLDER).glob("*.py") if not path.name.startswith("__")]
    lines_of_filters = len((EXAMPLE / "parcels.py").read_text().splitlines())

    assert changes(portal_of_three) == {FILTERS: lines_of_filters, LIST: 2}
    assert sorted(path.name for path in own) == ["manifest.py", "source.py", "terms.py"]
