"""Ids as addresses and forms bring them: any whole number, one that no database holds included."""

from typing import Any, TypeVar

from helpdesk.core.db import Model, session

M = TypeVar("M", bound=Model)

END_OF_IDS = 2**62
"""Below it every id fits into a column of either database."""


def is_id(number: int) -> bool:
    """Whether there can be a row with that id; the databases refuse to be asked for others."""
    return 0 < number < END_OF_IDS


def by_id(kind: type[M], number: int, *, with_for_update: Any = None) -> M | None:
    """The row with that id, if there is one; `with_for_update` as `Session.get` takes it."""
    return session.get(kind, number, with_for_update=with_for_update) if is_id(number) else None
