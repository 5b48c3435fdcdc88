"""Signatures and tokens."""

import hashlib
import secrets
from functools import lru_cache

from itsdangerous import BadSignature, URLSafeTimedSerializer

from helpdesk.core.settings import settings

LONGEST_TOKEN = 1000


def sign(purpose: str, payload: str | int | list[str | int]) -> str:
    """A URL-safe signature over `payload` that is good for this purpose alone."""
    return str(_signer(purpose).dumps(payload))


def unsign(
    purpose: str, token: str, max_age: int | None = None
) -> str | int | list[str | int] | None:
    """What was signed for `purpose`, or None when forged, of another purpose, or older than
    `max_age` seconds."""
    if len(token) > LONGEST_TOKEN:
        return None
    try:
        payload: str | int | list[str | int] = _signer(purpose).loads(token, max_age=max_age)
    except BadSignature:
        return None
    return payload


def _signer(purpose: str) -> URLSafeTimedSerializer:
    return _signer_with(settings().secret_key, purpose)


@lru_cache(maxsize=64)
def _signer_with(secret_key: str, purpose: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(
        secret_key,
        salt=f"helpdesk:{purpose}",
        signer_kwargs={"digest_method": hashlib.sha256},
    )


def new_token() -> str:
    """256 random bits, URL-safe; hand it out once and store `hash_token` of it."""
    return secrets.token_urlsafe(32)


def hash_token(token: str) -> str:
    """What is stored of a token. Plain SHA-256 suffices: the token itself is random."""
    return hashlib.sha256(token.encode()).hexdigest()
