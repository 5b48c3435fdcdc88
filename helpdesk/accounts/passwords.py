"""Passwords, hashed with argon2id."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from helpdesk.core.errors import Invalid

# OWASP's second choice for argon2id: 19 MiB, 2 passes, 1 lane.
HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# Of a password that was thrown away; made beforehand, so that no process has to at its start.
NOBODYS = (
    "$argon2id$v=19$m=19456,t=2,p=1$DwuicqVAkqHJnzPqgM4UkA"
    "$1qGvEEebKKYrko8E88QqfRw9Ofdm7h9M31kPTDNvFQo"
)
_hasher, _nobodys = HASHER, NOBODYS  # what is used; tests put quick ones in their place

SHORTEST, LONGEST = 10, 200

# The stems of what is tried first, with whatever digits or marks around them.
_TRIED_FIRST = frozenset(
    {
        "password",
        "passwort",
        "qwerty",
        "qwertz",
        "qwertyuiop",
        "asdfghjkl",
        "letmein",
        "welcome",
        "administrator",
        "support",
        "helpdesk",
        "iloveyou",
        "changeme",
        "trustno",
        "sunshine",
        "princess",
        "football",
        "baseball",
        "dragon",
        "monkey",
    }
)


def hash_password(password: str, *known: str) -> str:
    """What is stored. `known` is what everybody knows about the person: address, name.

    Raises Invalid for a password that is too short, too long, or among the first to be tried.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise Invalid(f"A password has {SHORTEST} to {LONGEST} characters; a few words are good.")
    if _is_guessable(password, known):
        raise Invalid("That password is among the first to be tried. A few words are good.")
    return _hasher.hash(password)


def _is_guessable(password: str, known: tuple[str, ...]) -> bool:
    plain = password.casefold()
    stem = plain.strip("0123456789!?.,-_*#$@ ")
    public = {word.casefold() for text in known for word in (text, text.partition("@")[0])}
    return not stem or len(set(plain)) < 4 or stem in _TRIED_FIRST | public or plain in public


def is_right(stored: str | None, password: str) -> bool:
    """Whether `password` is the one behind `stored`. Takes as long when there is none, so that
    nobody learns from the clock who has an account."""
    try:
        _hasher.verify(stored or _nobodys, password[:LONGEST])
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None
