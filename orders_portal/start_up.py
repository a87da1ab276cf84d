"""What the settings ask of each other before the portal starts. No value is ever repeated."""

import ipaddress
from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any


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


def saml_is_installed() -> bool:
    return find_spec("onelogin") is not None


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
                    },
                }
            ]
        }
    return providers
