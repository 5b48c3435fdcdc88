"""Addresses in the headers of mails (RFC 5322, 3.4): read in one pass, whatever stands there."""

from dataclasses import dataclass
from email.utils import getaddresses


@dataclass(frozen=True)
class Mailbox:
    """Somebody in a header. `address` is as written with its domain in lower case, "" if none."""

    name: str
    address: str

    @property
    def key(self) -> str:
        """What two spellings of one address share: all in lower case."""
        return self.address.lower()


def mailboxes(value: str, limit: int = 1000) -> tuple[Mailbox, ...]:
    """The addresses of a header in their order, without those that are no address; at most `limit`.

    `value` has been decoded (RFC 2047) already or not: encoded words in names are decoded.
    """
    found = getaddresses([value[:10_000]])
    return tuple(Mailbox(name, address) for name, address in found if "@" in address)[:limit]
