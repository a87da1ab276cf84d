"""The token endpoints, and what their tokens are good for."""

import time

import pytest
import requests

from orders.sandbox import SandboxServer, credentials, customers
from tests.sandbox.clients import AdobeClient, FabricClient

ADOBE_FORM = {
    "grant_type": "client_credentials",
    "client_id": credentials.ADOBE_CLIENT_ID,
    "client_secret": credentials.ADOBE_CLIENT_SECRET,
    "scope": credentials.ADOBE_SCOPES,
}
FABRIC_FORM = {"grant_type": "client_credentials", "scope": "s2s"}
FABRIC_AUTH = (credentials.FABRIC_CLIENT_ID, credentials.FABRIC_CLIENT_SECRET)


def adobe_token(sandbox: SandboxServer, **changed: str) -> requests.Response:
    url = sandbox.url + credentials.ADOBE_TOKEN_PATH
    return requests.post(url, data=ADOBE_FORM | changed, timeout=5)


def fabric_token(sandbox: SandboxServer, auth=FABRIC_AUTH, **changed: str) -> requests.Response:
    url = sandbox.url + credentials.FABRIC_TOKEN_PATH
    return requests.post(url, data=FABRIC_FORM | changed, auth=auth, timeout=5)


def ask_adobe(adobe: AdobeClient, token: str) -> int:
    return adobe.orders(customers.ADOBE_SMALL, authorization=f"Bearer {token}").status_code


def ask_fabric(fabric: FabricClient, token: str) -> int:
    path = f"/data-subscription/v1/customers/{customers.FABRIC_CALM}/orders"
    return fabric.send(path, {"Authorization": f"Bearer {token}"}).status_code


def test_adobe_hands_out_a_token_for_a_day(sandbox: SandboxServer, adobe: AdobeClient):
    body = adobe_token(sandbox).json()
    token = body["access_token"]
    assert body == {"access_token": token, "token_type": "bearer", "expires_in": 86399}
    assert ask_adobe(adobe, token) == 200


def test_fabric_hands_out_a_token_for_ten_minutes(sandbox: SandboxServer, fabric: FabricClient):
    body = fabric_token(sandbox).json()
    token = body["access_token"]
    assert body == {
        "token_type": "Bearer",
        "expires_in": 600,
        "access_token": token,
        "scope": "s2s",
    }
    assert ask_fabric(fabric, token) == 200


def test_every_token_is_a_new_one(sandbox: SandboxServer):
    assert len({adobe_token(sandbox).json()["access_token"] for _ in range(3)}) == 3


def test_a_token_of_one_upstream_is_nothing_to_the_other(sandbox: SandboxServer, fabric: FabricClient):
    assert ask_fabric(fabric, adobe_token(sandbox).json()["access_token"]) == 403


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"client_secret": "wrong"}, "invalid_client"),
        ({"client_id": "wrong"}, "invalid_client"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"scope": "openid,everything"}, "invalid_scope"),
        ({"scope": ""}, "invalid_scope"),
    ],
)
def test_adobe_says_what_is_wrong_with_a_token_request(sandbox: SandboxServer, changed: dict, error: str):
    response = adobe_token(sandbox, **changed)
    assert (response.status_code, response.json()["error"]) == (400, error)


@pytest.mark.parametrize("auth", [None, ("wrong", "wrong"), (credentials.FABRIC_CLIENT_ID, "")])
def test_fabric_wants_the_client_in_a_basic_header(sandbox: SandboxServer, auth):
    response = fabric_token(sandbox, auth)
    assert (response.status_code, response.json()["error"]) == (401, "invalid_client")


def test_tokens_are_posted_for(sandbox: SandboxServer):
    assert requests.get(sandbox.url + credentials.ADOBE_TOKEN_PATH, timeout=5).status_code == 405


def test_revoked_tokens_are_refused_and_the_fixed_ones_are_not(
    sandbox: SandboxServer, adobe: AdobeClient, fabric: FabricClient
):
    for_adobe = adobe_token(sandbox).json()["access_token"]
    for_fabric = fabric_token(sandbox).json()["access_token"]
    sandbox.revoke_tokens()
    assert (ask_adobe(adobe, for_adobe), ask_fabric(fabric, for_fabric)) == (401, 403)
    assert ask_adobe(adobe, credentials.ADOBE_ACCESS_TOKEN) == 200
    assert ask_fabric(fabric, credentials.FABRIC_ACCESS_TOKEN) == 200


def test_a_token_ends_with_its_lifetime(sandbox: SandboxServer, adobe: AdobeClient):
    sandbox.token_lifetime = 1
    body = adobe_token(sandbox).json()
    assert body["expires_in"] == 1
    assert ask_adobe(adobe, body["access_token"]) == 200
    time.sleep(1.1)
    assert ask_adobe(adobe, body["access_token"]) == 401


def test_faults_of_the_token_endpoints_are_scripted_apart(sandbox: SandboxServer, adobe: AdobeClient):
    sandbox.script("adobe-token", [503, 403])
    sandbox.script("fabric-token", ["html-502"])
    assert adobe.orders(customers.ADOBE_SMALL).status_code == 200
    assert [adobe_token(sandbox).status_code for _ in range(3)] == [503, 403, 200]
    assert [fabric_token(sandbox).status_code for _ in range(2)] == [502, 200]


def test_the_settings_for_the_portal_point_here(sandbox: SandboxServer):
    renewing = credentials.environment(sandbox.url)
    fixed = credentials.environment(sandbox.url, fixed_tokens=True)
    assert renewing["ADOBE_TOKEN_URL"] == f"{sandbox.url}/ims/token/v3"
    assert fixed == {
        "ADOBE_BASE_URL": sandbox.url,
        "ADOBE_API_KEY": "sandbox-adobe-api-key",
        "FABRIC_BASE_URL": sandbox.url,
        "ADOBE_ACCESS_TOKEN": "sandbox-adobe-token",
        "FABRIC_ACCESS_TOKEN": "sandbox-fabric-token",
    }
