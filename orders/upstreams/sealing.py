"""Keeps short secrets unreadable in a shared cache, with the standard library alone.

A stream cipher made of HMAC-SHA256 in counter mode, then an HMAC over nonce, text and purpose
(encrypt-then-MAC, with separate keys). It keeps a token out of cache dumps and away from whoever
can write to the cache but doesn't know the key. It does not hide a token's length, and it
protects nothing from somebody who knows the portal's secret key.
"""

import base64
import binascii
import hmac
import secrets
from hashlib import sha256

_NONCE = 16
_TAG = 32


class Seal:
    """Seals text for one `purpose`; what was sealed for another or with another key stays shut."""

    def __init__(self, key: bytes, *, purpose: str) -> None:
        self._purpose = purpose.encode()
        self._cipher_key = hmac.digest(key, b"sealing: cipher", sha256)
        self._tag_key = hmac.digest(key, b"sealing: tag", sha256)

    def close(self, text: str) -> str:
        nonce = secrets.token_bytes(_NONCE)
        sealed = nonce + self._mask(text.encode(), nonce)
        return base64.b64encode(sealed + self._tag(sealed)).decode()

    def open(self, sealed: object) -> str | None:
        """The text; None for anything that isn't ours, whole and unchanged."""
        if not isinstance(sealed, str):
            return None
        try:
            raw = base64.b64decode(sealed, validate=True)
        except (binascii.Error, ValueError):
            return None
        body, tag = raw[:-_TAG], raw[-_TAG:]
        if len(body) < _NONCE or not hmac.compare_digest(tag, self._tag(body)):
            return None
        return self._mask(body[_NONCE:], body[:_NONCE]).decode()

    def name(self, text: str) -> str:
        """A short name for `text` that tells nothing about it, fit for a cache key."""
        return hmac.digest(self._tag_key, b"name " + text.encode(), sha256).hex()[:24]

    def _tag(self, sealed: bytes) -> bytes:
        return hmac.digest(self._tag_key, b"seal " + self._purpose + b"\0" + sealed, sha256)

    def _mask(self, text: bytes, nonce: bytes) -> bytes:
        blocks = range(-(-len(text) // sha256().digest_size))
        stream = b"".join(
            hmac.digest(self._cipher_key, nonce + block.to_bytes(8, "big"), sha256) for block in blocks
        )
        return bytes(one ^ other for one, other in zip(text, stream, strict=False))
