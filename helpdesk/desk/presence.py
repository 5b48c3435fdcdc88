"""Who looks at a ticket right now, and who writes on it.

Kept in Redis alone, for some seconds: nobody needs to know it later, and reading writes no row.
Where Redis is away, nobody is seen.
"""

from collections.abc import Sequence
from typing import NamedTuple, cast

from redis import Redis

from helpdesk.core.clock import now
from helpdesk.core.jobs import attempt
from helpdesk.desk.people import People

LASTS = 15
"""Seconds after which somebody who said nothing more is gone: three times the pause between two
questions of a page, so that one that got lost does not matter."""
_FORGOTTEN = 60


class Present(NamedTuple):
    """Somebody at a ticket."""

    account_id: int
    writes: bool


def come(ticket_id: int, account_id: int, *, writes: bool) -> Sequence[Present]:
    """Say that somebody is there, and see who else is: writers first, then by number. Only for
    those who may see the ticket."""
    key, at = _key(ticket_id), int(now().timestamp())

    def ask(redis: Redis) -> dict[bytes, bytes]:
        pipe = redis.pipeline(transaction=False)
        pipe.hset(key, str(account_id), f"{at}:{int(writes)}")
        pipe.expire(key, _FORGOTTEN)
        pipe.hgetall(key)
        return cast(dict[bytes, bytes], pipe.execute()[-1])

    found = attempt(ask)
    if not isinstance(found, dict):
        return ()
    others = [_read(who, said, at) for who, said in found.items()]
    there = [one for one in others if one is not None and one.account_id != account_id]
    return sorted(there, key=lambda one: (not one.writes, one.account_id))


def leave(ticket_id: int, account_id: int) -> None:
    """Somebody closed the page."""
    attempt(lambda redis: redis.hdel(_key(ticket_id), str(account_id)))


def in_words(there: Sequence[Present], who: People) -> str:
    """ "Ada Ortiz is replying · Ben Lund is here too"; "" for nobody."""
    writers = [who.agent(one.account_id) for one in there if one.writes]
    readers = [who.agent(one.account_id) for one in there if not one.writes]
    parts = [_said(writers, "is replying", "are replying")] if writers else []
    parts += [_said(readers, "is here too", "are here too")] if readers else []
    return " · ".join(parts)


def _said(names: list[str], one: str, several: str) -> str:
    if len(names) == 1:
        return f"{names[0]} {one}"
    shown, more = names[:2], len(names) - 2
    words = " and ".join(shown) if not more else f"{', '.join(shown)} and {more} more"
    return f"{words} {several}"


def _read(who: bytes, said: bytes, at: int) -> Present | None:
    try:
        since, writes = said.decode().split(":")
        if at - int(since) > LASTS:
            return None
        return Present(int(who), writes == "1")
    except ValueError:
        return None


def _key(ticket_id: int) -> str:
    return f"helpdesk:presence:{ticket_id}"
