"""The portal as it is installed: from a wheel, without a checkout near it."""

import os
import platform
import subprocess
import sys
import zipfile
from configparser import ConfigParser
from pathlib import Path

import django
import pytest

from orders_portal import __version__

ROOT = Path(__file__).parent.parent.parent
SAID = f"orders-portal {__version__} (Django {django.__version__}, Python {platform.python_version()})\n"
SERVED = """
import django
django.setup()
from django.conf import settings
from django.test import Client

page, style = (Client().get(address) for address in ("/accounts/login/", "/static/orders/tokens.css"))
print(page.status_code, b"Orders Portal" in page.content, style.status_code, settings.BASE_DIR)
style.close()
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """A folder with what `pip install .` would put among the packages."""
    folder = tmp_path_factory.mktemp("installed")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
        env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
    )
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "packages")
    return folder / "packages"


@pytest.fixture
def run(installed, tmp_path):
    """Runs Python in a folder of its own, where of ours only what is installed can be found."""

    def run(*arguments, **environment):
        sound = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(installed),
            "SECRET_KEY": "s" * 60,
            "ALLOWED_HOSTS": "testserver",
            "HTTPS_ONLY": "0",
            "LOG_LEVEL": "ERROR",
            "DJANGO_SETTINGS_MODULE": "orders_portal.settings",
        }
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=tmp_path,
            env=sound | environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout

    return run


def test_the_command_is_the_one_that_manage_py_runs(installed):
    (metadata,) = installed.glob("orders_portal-*.dist-info")
    scripts = ConfigParser()
    scripts.read(metadata / "entry_points.txt")

    assert metadata.name == f"orders_portal-{__version__}.dist-info"
    assert dict(scripts["console_scripts"]) == {"orders-portal": "orders_portal.command_line:main"}
    assert "from orders_portal.command_line import main" in (ROOT / "manage.py").read_text()


def test_nothing_but_the_portal_is_installed(installed):
    found = {path.name for path in installed.iterdir() if not path.name.endswith(".dist-info")}

    assert found == {"orders", "orders_portal"}


def test_it_says_its_version_without_a_setting(run):
    assert run("-m", "orders_portal", "--version", SECRET_KEY="") == SAID


def test_its_checks_find_nothing(run):
    assert run("-m", "orders_portal", "check") == "System check identified no issues (0 silenced).\n"


def test_it_migrates_and_serves_pages_and_static_files_from_any_folder(run, tmp_path):
    run("-m", "orders_portal", "migrate", "--verbosity", "0")

    assert run("-c", SERVED) == f"200 True 200 {tmp_path}\n"
    assert [path.name for path in tmp_path.glob("*.sqlite3")] == ["portal.sqlite3"]


def test_what_it_makes_lies_where_it_is_told_to(run, tmp_path):
    (tmp_path / "data").mkdir()

    run("-m", "orders_portal", "migrate", "--verbosity", "0", DATA_DIR=str(tmp_path / "data"))

    assert [path.name for path in tmp_path.rglob("*.sqlite3")] == ["portal.sqlite3"]
    assert (tmp_path / "data" / "portal.sqlite3").exists()


def test_the_sandbox_comes_with_it(run):
    assert "--port" in run("-m", "orders_portal", "runsandbox", "--help", SECRET_KEY="")
