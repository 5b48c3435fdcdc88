"""Secrets that we must be able to read again, such as the password of a mailbox: sealed with a key
that comes from SECRET_KEY, so that a copy of the database gives nothing away.

HMAC-SHA-256 is a pseudo-random function: in counter mode it makes the key stream (as in NIST SP
800-108, 4.1), with a random nonce for each secret; a second key authenticates nonce and cipher text
(encrypt, then authenticate).
"""

import base64
import binascii
import hashlib
import hmac
import secrets

from helpdesk.core.settings import settings

_NONCE, _TAG = 16, 32
_VERSION = "1:"


class Broken(Exception):
    """It was sealed with another SECRET_KEY, or changed since."""


def seal(purpose: str, words: str) -> str:
    """`words` so that only `unseal` for the same purpose reads them; another text each time."""
    nonce, plain = secrets.token_bytes(_NONCE), words.encode()
    cipher = _mixed(purpose, nonce, plain)
    tag = _tag(purpose, nonce + cipher)
    return _VERSION + base64.urlsafe_b64encode(nonce + cipher + tag).decode()


def unseal(purpose: str, sealed: str) -> str:
    """What was sealed. Raises Broken."""
    try:
        whole = base64.urlsafe_b64decode(sealed.removeprefix(_VERSION).encode())
    except (ValueError, binascii.Error) as error:
        raise Broken("It was not sealed.") from error
    body, tag = whole[:-_TAG], whole[-_TAG:]
    if not sealed.startswith(_VERSION) or not hmac.compare_digest(_tag(purpose, body), tag):
        raise Broken("It was sealed with another SECRET_KEY.")
    return _mixed(purpose, body[:_NONCE], body[_NONCE:]).decode()


def _mixed(purpose: str, nonce: bytes, text: bytes) -> bytes:
    key = _key("cipher", purpose)
    blocks = range(len(text) // hashlib.sha256().digest_size + 1)
    stream = b"".join(_prf(key, nonce + number.to_bytes(4, "big")) for number in blocks)
    return bytes(a ^ b for a, b in zip(text, stream, strict=False))


def _tag(purpose: str, text: bytes) -> bytes:
    return _prf(_key("tag", purpose), text)


def _key(use: str, purpose: str) -> bytes:
    return _prf(settings().secret_key.encode(), f"helpdesk sealing:{use}:{purpose}".encode())


def _prf(key: bytes, words: bytes) -> bytes:
    return hmac.new(key, words, hashlib.sha256).digest()
