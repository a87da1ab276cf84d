"""A SAML identity provider for tests: metadata over HTTP, and answers signed with its key.

It asks nobody anything: whoever is sent to it is the person it was told to be. What an answer says can be
changed before it is signed (`answer`), and afterwards by whoever holds it.
"""

import base64
import datetime
import threading
import uuid
import zlib
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlencode, urlsplit
from xml.sax.saxutils import escape

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from lxml import etree
from onelogin.saml2.constants import OneLogin_Saml2_Constants
from onelogin.saml2.utils import OneLogin_Saml2_Utils

from orders_portal.start_up import sign_in_providers

EMAIL = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress"
GIVEN_NAME = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/givenname"
PERSON = {EMAIL: "ines@works.example", GIVEN_NAME: "Ines"}
PORTAL = "http://localhost/accounts/saml/sso"

_METADATA = """<?xml version="1.0"?>
<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="{entity_id}">
  <md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
    <md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data>
      <ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>
   <md:SingleLogoutService Location="{url}/out" Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"/>
   <md:SingleSignOnService Location="{url}/in" Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"/>
  </md:IDPSSODescriptor>
</md:EntityDescriptor>"""

_ASSERTION = """<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"
    xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
    ID="{id}" Version="2.0" IssueInstant="{now}"><saml:Issuer>{issuer}</saml:Issuer>
  <saml:Subject>
    <saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">{subject}</saml:NameID>
    <saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">
      <saml:SubjectConfirmationData NotOnOrAfter="{until}" Recipient="{recipient}"{in_response_to}/>
    </saml:SubjectConfirmation>
  </saml:Subject>
  <saml:Conditions NotBefore="{now}" NotOnOrAfter="{until}">
    <saml:AudienceRestriction><saml:Audience>{audience}</saml:Audience></saml:AudienceRestriction>
  </saml:Conditions>
  <saml:AuthnStatement AuthnInstant="{now}" SessionIndex="{id}"><saml:AuthnContext>
    <saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef>
  </saml:AuthnContext></saml:AuthnStatement>
  <saml:AttributeStatement>{attributes}</saml:AttributeStatement>
</saml:Assertion>"""

_RESPONSE = """<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"
    xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="{id}" Version="2.0" IssueInstant="{now}"
    Destination="{destination}"{in_response_to}><saml:Issuer>{issuer}</saml:Issuer>
  <samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:{status}"/></samlp:Status>
  {assertion}</samlp:Response>"""

_SIGN_OUT = """<samlp:LogoutRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"
    xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="{id}" Version="2.0" IssueInstant="{now}"
    Destination="{destination}"><saml:Issuer>{issuer}</saml:Issuer>
  <saml:NameID>{subject}</saml:NameID></samlp:LogoutRequest>"""


class SamlProvider:
    entity_id = "urn:works:directory"

    def __init__(self) -> None:
        self.person = dict(PERSON)
        self.subject = "person-1"
        self.key, self.certificate = new_key()
        self.is_down = False
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                content = b"" if provider.is_down else provider.metadata().encode()
                self.send_response(503 if provider.is_down else 200)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  (its name is given)
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def settings(self) -> dict[str, Any]:
        """What the environment would make of SAML_…."""
        given = {
            "SAML_NAME": "Works Directory",
            "SAML_ENTITY_ID": self.entity_id,
            "SAML_METADATA_URL": f"{self.url}/metadata",
        }
        return sign_in_providers({"OIDC_NAME": ""}, given)

    def metadata(self) -> str:
        body = "".join(self.certificate.strip().splitlines()[1:-1])
        return _METADATA.format(entity_id=self.entity_id, certificate=body, url=self.url)

    def asked_by(self, address: str) -> str:
        """The ID of the request that the portal sent the browser here with."""
        request = parse_qs(urlsplit(address).query)["SAMLRequest"][0]
        return str(etree.fromstring(zlib.decompress(base64.b64decode(request), -15)).get("ID"))

    def answer(
        self,
        request_id: str,
        *,
        audience: str = f"{PORTAL}/metadata/",
        minutes: int = 5,
        signs: Mapping[str, tuple[str, str]] | None = None,
        assertion_for: str | None = None,
        status: str = "Success",
        recipient: str = f"{PORTAL}/acs/",
    ) -> str:
        """An answer as a browser would post it, valid for so many minutes (before now, where negative).

        `signs` says what is signed, and with which key: `assertion`, `response`, both or nothing.
        """
        signs = {"assertion": (self.key, self.certificate)} if signs is None else signs
        now = datetime.datetime.now(datetime.UTC) + datetime.timedelta(minutes=min(minutes, 0) - 1)
        until = now + datetime.timedelta(minutes=max(minutes, 0) + 1)
        said = {
            "now": f"{now:%Y-%m-%dT%H:%M:%SZ}", "until": f"{until:%Y-%m-%dT%H:%M:%SZ}",
            "issuer": self.entity_id, "audience": audience, "recipient": recipient, "status": status,
            "destination": recipient, "subject": self.subject, "attributes": self._attributes(),
        }  # fmt: skip
        inner = request_id if assertion_for is None else assertion_for
        assertion = _ASSERTION.format(id=_new_id(), in_response_to=_irt(inner), **said)
        if "assertion" in signs:
            assertion = _signed(assertion, *signs["assertion"])
        response = _RESPONSE.format(
            id=_new_id(), in_response_to=_irt(request_id),
            assertion=assertion if status == "Success" else "", **said,
        )  # fmt: skip
        if "response" in signs:
            response = _signed(response, *signs["response"])
        return base64.b64encode(response.encode()).decode()

    def sign_out(self, key: str) -> str:
        """The query of a request to sign the person out, signed with this key, or with none."""
        text = _SIGN_OUT.format(
            id=_new_id(), now=f"{datetime.datetime.now(datetime.UTC):%Y-%m-%dT%H:%M:%SZ}",
            issuer=self.entity_id, subject=self.subject, destination=f"{PORTAL}/sls/",
        )  # fmt: skip
        query = {"SAMLRequest": OneLogin_Saml2_Utils.deflate_and_base64_encode(text)}
        if key:
            query["SigAlg"] = OneLogin_Saml2_Constants.RSA_SHA256
            signature = OneLogin_Saml2_Utils.sign_binary(urlencode(query), key)
            query["Signature"] = base64.b64encode(signature).decode()
        return urlencode(query)

    def _attributes(self) -> str:
        return "".join(
            f'<saml:Attribute Name="{name}"><saml:AttributeValue xsi:type="xs:string">{escape(value)}'
            "</saml:AttributeValue></saml:Attribute>"
            for name, value in self.person.items()
        )


def new_key() -> tuple[str, str]:
    """A private key and its certificate, both as PEM."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "works.example")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return private.decode(), certificate.public_bytes(serialization.Encoding.PEM).decode()


def _signed(element: str, key: str, certificate: str) -> str:
    signed = OneLogin_Saml2_Utils.add_sign(element, key, certificate)
    return signed.decode() if isinstance(signed, bytes) else str(signed)


def _new_id() -> str:
    return f"_{uuid.uuid4().hex}"


def _irt(request_id: str) -> str:
    return f' InResponseTo="{request_id}"' if request_id else ""
