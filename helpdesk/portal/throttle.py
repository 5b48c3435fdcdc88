"""How much one person may send. Well above what anybody needs, well below what hurts."""

from helpdesk.accounts.throttle import network
from helpdesk.core.security import hash_token
from helpdesk.core.throttle import allow, allow_all, require

REQUESTS_PER_ADDRESS = ("5 per hour", "20 per day")
REQUESTS_PER_IP = "30 per hour"
MESSAGES = "40 per hour"
UPLOADS_PER_IP = "120 per hour"
"""Forms with files, also those that are refused: their files are kept for a week."""
FRESH_LINKS = "2 per hour"
LINKS_TRIED = "200 per 15 minute"


def may_file(email: str) -> bool:
    """Count a new request of this address, from this place; False when there were too many."""
    who = hash_token(email)
    theirs = [("file", who, limit) for limit in REQUESTS_PER_ADDRESS]
    return allow_all(*theirs, ("file-from", network(), REQUESTS_PER_IP))


def may_upload() -> bool:
    """Count a form that brings files from this place; False when there were too many."""
    return allow("upload-from", network(), UPLOADS_PER_IP)


def may_write(who: str) -> bool:
    """Count a further message; False when there were too many."""
    return allow("write", who, MESSAGES)


def may_renew(recipient: str) -> bool:
    """Count a fresh link in place of an old one; False when its recipient had enough."""
    return allow("renew", hash_token(recipient), FRESH_LINKS)


def may_try_links() -> None:
    """Count a link that somebody opens. Raises TooMany when somebody seems to guess them."""
    require("link-from", network(), LINKS_TRIED)
