"""The documents name what there is."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_every_test_that_the_threat_model_names_is_there():
    text = (ROOT / "docs/threat-model.md").read_text()
    named: list[Path] = []
    for line in text.splitlines():
        folder = ROOT
        for name in re.findall(r"`(tests/[\w/.]+|test_\w+\.py)`", line):
            folder = (ROOT / name).parent if name.startswith("tests/") else folder
            named.append(ROOT / name if name.startswith("tests/") else folder / name)

    assert len(named) > 15
    assert [str(path.relative_to(ROOT)) for path in named if not path.exists()] == []


def test_every_setting_of_the_sign_in_is_explained_and_exists():
    settings = (ROOT / "orders_portal/settings.py").read_text()
    read = set(
        re.findall(
            r'"((?:MFA|SESSION|SSO|OIDC|SAML|METRICS|LOG|TRUSTED|EMAIL|DEFAULT_FROM|TOKEN_MAX)_[A-Z_]+)"',
            settings,
        )
    )
    read -= {"METRICS_TOKEN_FILE"}  # where it stands, and not another one
    table = (ROOT / "docs/sign-in.md").read_text().partition("## OpenID")[0]
    explained = set(re.findall(r"`([A-Z]+_[A-Z_]+)`", table)) - {
        "NAME_FILE",
        "CACHE_URL",
        "PROMETHEUS_MULTIPROC_DIR",
    }

    assert read == explained
