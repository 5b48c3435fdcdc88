"""Signing what we send (DKIM, RFC 6376), with one key for every domain that we send from."""

import base64
from dataclasses import dataclass

from helpdesk.core.settings import settings

_RSA = bytes.fromhex("300d06092a864886f70d0101010500")
"""The algorithm as an ASN.1 object: rsaEncryption, without parameters (RFC 8017, A.1)."""
_SEQUENCE, _INTEGER, _BITS = 0x30, 0x02, 0x03


@dataclass(frozen=True)
class Signer:
    """Signs with an RSA key in PEM; its public half stands in DNS below `selector`._domainkey."""

    selector: str
    key: str

    def signed(self, wire: bytes, domain: str) -> bytes:
        """The mail with a signature of `domain` above it."""
        import dkim  # takes long, and few have a key

        header = dkim.sign(
            wire,
            self.selector.encode(),
            domain.encode(),
            self.key.encode(),
            canonicalize=(b"relaxed", b"relaxed"),
        )
        return bytes(header) + wire

    def name_for(self, domain: str) -> str:
        """Where in DNS those who check look for the key."""
        return f"{self.selector}._domainkey.{domain}"

    @property
    def record(self) -> str:
        """What has to stand there, as a TXT record (RFC 6376, 3.6.1)."""
        return f"v=DKIM1; k=rsa; p={public_half(self.key)}"


def signer() -> Signer | None:
    """Whoever signs for this installation, None where nobody does."""
    config = settings()
    return Signer(config.dkim_selector, config.dkim_key) if config.dkim_key else None


def public_half(key: str) -> str:
    """The public key of a private one as DNS holds it: SubjectPublicKeyInfo (RFC 5280, 4.1) in
    base64. Raises ValueError for what is no RSA key in PEM."""
    from dkim.crypto import UnparsableKeyError, parse_pem_private_key

    try:
        parts = parse_pem_private_key(key.encode())
    except (UnparsableKeyError, ValueError, IndexError, TypeError, AssertionError) as error:
        raise ValueError("It is no RSA private key in PEM.") from error
    numbers = _number(parts["modulus"]) + _number(parts["publicExponent"])
    whole = _RSA + _der(_BITS, b"\0" + _der(_SEQUENCE, numbers))
    return base64.b64encode(_der(_SEQUENCE, whole)).decode()


def _number(value: int) -> bytes:
    return _der(_INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def _der(tag: int, content: bytes) -> bytes:
    """One object of ASN.1 in DER (X.690, 8.1)."""
    size = len(content)
    if size < 128:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 128 | len(length)]) + length + content
