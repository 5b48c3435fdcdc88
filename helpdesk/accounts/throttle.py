"""How often somebody may try to get in.

A limit never tells whether there is an account: it counts by what was typed.
"""

from ipaddress import ip_address

from flask import request

from helpdesk.accounts.devices import device_of
from helpdesk.core.security import hash_token
from helpdesk.core.throttle import allow, forget, require

PER_ACCOUNT = "10 per 15 minute"
PER_IP = "60 per 15 minute"
EVERYBODY = "3000 per 15 minute"
WHILE_MANY_TRY = "3 per 15 minute"
"""What is left to each account from browsers nobody knows while everybody's tries are too many."""

MAILS_PER_ADDRESS = ("2 per 15 minute", "8 per day")
MAILS_PER_IP = "20 per hour"


def network() -> str:
    """Where the request comes from. One home has a whole IPv6 /64, so that counts as one."""
    try:
        address = ip_address(request.remote_addr or "")
    except ValueError:
        return "unknown"
    return str(address) if address.version == 4 else address.exploded[:19]


def may_sign_in(email: str) -> bool:
    """Count a try to sign in; False when there were too many for this account or from this place.

    A browser in which this account signed in before has tries of its own, so that strangers
    cannot use them up. Too many tries altogether, as when a botnet tries one password everywhere,
    leave every account a few: an honest person gets in, and guessing gets slow.
    """
    device = device_of(email)
    if device is not None and allow("sign-in-device", device, PER_ACCOUNT):
        return True
    # Every counter counts every try, so none of them can be worn down behind another.
    counts = [
        allow("sign-in", hash_token(email), PER_ACCOUNT),
        allow("sign-in-from", network(), PER_IP),
    ]
    if not allow("sign-in-all", "all", EVERYBODY):
        counts.append(allow("sign-in-many", hash_token(email), WHILE_MANY_TRY))
    return all(counts)


def signed_in(email: str) -> None:
    """A success: earlier slips of this account are forgotten."""
    forget("sign-in", hash_token(email), PER_ACCOUNT)
    forget("sign-in-many", hash_token(email), WHILE_MANY_TRY)
    if device := device_of(email):
        forget("sign-in-device", device, PER_ACCOUNT)


def may_mail(email: str) -> bool:
    """Count a mailed link; False when this address has had enough of them for now.

    Raises TooMany when it is asked for too often from one place, whatever the address.
    """
    require("mailed-link-from", network(), MAILS_PER_IP)
    counts = [allow("mailed-link", hash_token(email), limit) for limit in MAILS_PER_ADDRESS]
    return all(counts)
