"""An OpenID Connect provider for tests: discovery, authorisation, tokens signed with RS256, user info.

It asks nobody anything: whoever is sent to it is the person it was told to be. It checks what a provider
has to check of us: the redirect address, the client's secret, and PKCE.
"""

import base64
import hashlib
import json
import secrets
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qsl, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT_ID, CLIENT_SECRET = "orders-portal", "canary-oidc-secret-5d1f"
PERSON = {
    "sub": "person-1",
    "preferred_username": "ines",
    "given_name": "Ines",
    "family_name": "Lund",
    "email": "ines@works.example",
    "email_verified": True,
}


class IdentityProvider:
    def __init__(self) -> None:
        self.person: dict[str, Any] = dict(PERSON)
        self.denies = False
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.codes: dict[str, dict[str, str]] = {}
        self.wrongs: list[str] = []
        provider = self

        class Handler(_Handler):
            idp = provider

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def settings(self, url: str = "") -> dict[str, Any]:
        """What the environment would make of OIDC_…."""
        app = {
            "provider_id": "sso",
            "name": "Works Directory",
            "client_id": CLIENT_ID,
            "secret": CLIENT_SECRET,
            "settings": {"server_url": url or self.url},
        }
        return {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}

    def authorise(self, asked: dict[str, str]) -> str:
        """Where the browser goes next."""
        back = asked["redirect_uri"]
        if self.denies:
            return f"{back}?{urlencode({'error': 'access_denied', 'state': asked['state']})}"
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return f"{back}?{urlencode({'code': code, 'state': asked['state']})}"

    def exchange(self, given: dict[str, str], header: str) -> dict[str, Any] | None:
        asked = self.codes.pop(given.get("code", ""), None)
        basic = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        knows_secret = given.get("client_secret") == CLIENT_SECRET or header == f"Basic {basic}"
        proof = hashlib.sha256(given.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(proof).rstrip(b"=").decode()
        checks = {
            "code": asked is not None,
            "secret": knows_secret,
            "redirect": asked is not None and given.get("redirect_uri") == asked["redirect_uri"],
            "pkce": asked is not None and asked.get("code_challenge") == challenge,
        }
        self.wrongs += [name for name, holds in checks.items() if not holds]
        if self.wrongs:
            return None
        now = int(time.time())
        claims = {**self.person, "iss": self.url, "aud": CLIENT_ID, "iat": now, "exp": now + 300}
        token = jwt.encode(claims, self.key, algorithm="RS256", headers={"kid": "test"})
        return {"access_token": "canary-access-token-77", "token_type": "Bearer", "id_token": token}


class _Handler(BaseHTTPRequestHandler):
    idp: IdentityProvider

    def do_GET(self) -> None:
        path, query = urlsplit(self.path).path, dict(parse_qsl(urlsplit(self.path).query))
        if path == "/.well-known/openid-configuration":
            self._send(
                {
                    "issuer": self.idp.url,
                    "authorization_endpoint": f"{self.idp.url}/authorise",
                    "token_endpoint": f"{self.idp.url}/token",
                    "userinfo_endpoint": f"{self.idp.url}/userinfo",
                    "jwks_uri": f"{self.idp.url}/keys",
                }
            )
        elif path == "/authorise":
            self.send_response(302)
            self.send_header("Location", self.idp.authorise(query))
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif path == "/keys":
            key = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.idp.key.public_key()))
            self._send({"keys": [{**key, "kid": "test", "alg": "RS256", "use": "sig"}]})
        elif path == "/userinfo" and self.headers["Authorization"] == "Bearer canary-access-token-77":
            self._send(self.idp.person)
        else:
            self._send({}, 404)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        tokens = self.idp.exchange(dict(parse_qsl(body)), self.headers.get("Authorization", ""))
        self._send(tokens or {"error": "invalid_grant"}, 200 if tokens else 400)

    def _send(self, body: dict[str, Any], status: int = 200) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  (its name is given)
        pass
