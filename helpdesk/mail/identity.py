"""Message-IDs and reply addresses that only we can make, and recognise when they come back.

Each names a topic, such as "ticket-42", and carries a key over it (HMAC, RFC 2104). Whoever shows
one has seen a mail of ours about that topic.
"""

import base64
import hashlib
import hmac
import re
import secrets

from helpdesk.core.settings import settings

_TOPIC = r"[a-z]+(?:-[0-9a-z]+)*"
_ID = re.compile(rf"<?({_TOPIC}(?:\.[0-9a-f]{{16}})?)\.([a-z2-7]{{26}})@[^<>\s@]*>?")
_REPLY = re.compile(rf"({_TOPIC})\.([a-z2-7]{{16}})")
RETURNS = "return"
"""The topic of return paths."""
LONGEST_LOCAL = 64
"""Characters before the @ (RFC 5321, 4.5.3.1.1)."""
LONGEST = 320
"""Characters of what is looked at: longer than any of ours."""


def message_id(topic: str) -> str:
    """A new Message-ID for a mail about `topic`."""
    name = f"{topic}.{secrets.token_hex(8)}"
    return f"<{name}.{_key('message', name)[:26]}@{settings().mail_domain}>"


def root_id(topic: str) -> str:
    """The id that every mail about `topic` refers to; no mail has it itself."""
    return f"<{topic}.{_key('message', topic)[:26]}@{settings().mail_domain}>"


def topic_of(id_: str) -> str | None:
    """The topic of a Message-ID that we made, or None. The domain does not count, because it is
    the key that cannot be forged, and neither does case, which some servers change."""
    found = _ID.fullmatch(id_.strip().lower()) if len(id_) <= LONGEST else None
    if found is None or not hmac.compare_digest(_key("message", found[1])[:26], found[2]):
        return None
    return found[1].partition(".")[0]


def reply_address(topic: str, recipient: str, ours: str = "") -> str:
    """The address at which `recipient` answers about `topic`, and nobody else.

    It is the address that we send from, or `ours`, with a tag after a delimiter (RFC 5233); where
    that is switched off, that address as it is.
    """
    local, _, domain = (ours or settings().mailbox[1]).rpartition("@")
    delimiter = settings().reply_delimiter
    if not delimiter:
        return f"{local}@{domain}"
    return f"{local}{delimiter}{topic}.{_reply_key(topic, recipient)}@{domain}"


def return_address(number: int, recipient: str, ours: str = "") -> str:
    """The return path of the mail with that number: what comes back there is about that mail and
    its one recipient, whatever it says itself. Our plain address where a tag has no room."""
    made = reply_address(f"{RETURNS}-{number}", recipient, ours)
    local = made.rpartition("@")[0]
    return made if len(local) <= LONGEST_LOCAL else ours or settings().mailbox[1]


def tag_in(address: str) -> tuple[str, str] | None:
    """Topic and key of a reply address, or None for any other address. Whether the key is right
    tells `is_reply_key`."""
    local = address.strip().lower().rpartition("@")[0]
    delimiter = settings().reply_delimiter
    if not delimiter or delimiter not in local or len(address) > LONGEST:
        return None
    found = _REPLY.fullmatch(local.split(delimiter, 1)[1])
    return (found[1], found[2]) if found else None


def is_reply_key(key: str, topic: str, recipient: str) -> bool:
    """Whether that key stands in the reply address of `recipient`."""
    return hmac.compare_digest(_reply_key(topic, recipient), key)


def _reply_key(topic: str, recipient: str) -> str:
    return _key("reply", f"{topic}:{recipient.strip().lower()}")[:16]


def _key(purpose: str, words: str) -> str:
    secret = settings().secret_key.encode()
    digest = hmac.new(secret, f"mail {purpose}:{words}".encode(), hashlib.sha256).digest()
    return base64.b32encode(digest).decode().rstrip("=").lower()
