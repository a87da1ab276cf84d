"""What the settings ask of each other before the portal starts. No value is ever repeated."""

import ipaddress
import re
import ssl
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.conf.locale import LANG_INFO
from django.utils.translation import to_language


def incomplete(what: str, given: Mapping[str, str]) -> list[str]:
    """One sentence per missing setting of a group that is set in part."""
    if not any(given.values()):
        return []
    return [f"{name} is not set, but other {what}_… are." for name, value in given.items() if not value]


def is_this_machine(host: str) -> bool:
    """Whether a name of ALLOWED_HOSTS can only be reached from this machine."""
    name = host.rsplit(":", 1)[0] if host.count(":") == 1 else host
    if name in {"localhost", ".localhost", "testserver"} or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name.strip("[]")).is_loopback
    except ValueError:
        return False


def languages(folder: Path) -> list[tuple[str, str]]:
    """English, and each language that has a compiled catalogue in `folder`, by code and own name."""
    found = {to_language(path.parts[-3]) for path in folder.glob("*/LC_MESSAGES/django.mo")}
    return [("en-gb", "English"), *((code, LANG_INFO[code]["name_local"]) for code in sorted(found))]


def certificates(name: str, path: str) -> list[str]:
    """A sentence where the setting names a file that holds no certificate authority we could read."""
    if not path:
        return []
    try:
        ssl.create_default_context(cafile=path)
    except OSError:  # that of TLS is one, too
        return [f"{name} names no file with certificates (PEM) that can be read."]
    return []


def missing_packages(what: str, is_set: bool, *, module: str, extra: str) -> list[str]:
    """A sentence with the remedy, where a setting needs packages that don't come with the portal."""
    if not is_set or find_spec(module):
        return []
    remedy = f"pip install --require-hashes -r requirements-{extra}.txt"
    return [f"{what} is set, but its packages are not installed: {remedy}"]


def sign_in_providers(oidc: Mapping[str, str], saml: Mapping[str, str]) -> dict[str, Any]:
    """The identity providers of the environment, as django-allauth wants them told."""
    providers: dict[str, Any] = {}
    if all(oidc.values()):
        providers["openid_connect"] = {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": "sso",
                    "name": oidc["OIDC_NAME"],
                    "client_id": oidc["OIDC_CLIENT_ID"],
                    "secret": oidc["OIDC_CLIENT_SECRET"],
                    "settings": {"server_url": oidc["OIDC_SERVER_URL"]},
                }
            ],
        }
    if all(saml.values()):
        providers["saml"] = {
            "APPS": [
                {
                    "provider_id": saml["SAML_ENTITY_ID"],
                    "name": saml["SAML_NAME"],
                    "client_id": "sso",
                    "settings": {
                        "idp": {
                            "entity_id": saml["SAML_ENTITY_ID"],
                            "metadata_url": saml["SAML_METADATA_URL"],
                        },
                        # What is signed by the organisation's own directory needs no second proof.
                        "verified_email": True,
                        # As `https://portal` within an organisation.
                        "advanced": {"allow_single_label_domains": True},
                    },
                }
            ]
        }
    return providers


def limits_of_roles(given: list[str]) -> dict[tuple[str, str], int] | None:
    """`supervisor/reveals=60` as limits by role and kind; None where one is something else."""
    found = {}
    for each in given:
        match = re.fullmatch(
            r"(.+)/(reveals|customers|lookups|exports|queue|running)=(\d{1,9})", each.strip()
        )
        if match is None:
            return None
        found[match[1].strip(), match[2]] = int(match[3])
    return found
