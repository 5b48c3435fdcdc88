"""Passwords, hashed with argon2id."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from helpdesk.core.errors import Invalid

# OWASP's second choice for argon2id: 19 MiB, 2 passes, 1 lane.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_DUMMY = _hasher.hash("nobody has this password")

SHORTEST, LONGEST = 10, 200


def hash_password(password: str) -> str:
    """What is stored. Raises Invalid for a password that is too short or too long."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise Invalid(f"A password has {SHORTEST} to {LONGEST} characters; a few words are good.")
    return _hasher.hash(password)


def is_right(stored: str | None, password: str) -> bool:
    """Whether `password` is the one behind `stored`. Takes as long when there is none, so that
    nobody learns from the clock who has an account."""
    try:
        _hasher.verify(stored or _DUMMY, password[:LONGEST])
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None
