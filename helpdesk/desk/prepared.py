"""Statements that are put together once for each viewer.

Putting one together takes longer than asking the database for it, and the pages that agents look
at all day ask the same things; what changes from page to page is a parameter.
"""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, TypeVar

from sqlalchemy import Select

from helpdesk.accounts.models import Account, Role

T = TypeVar("T")
Build = Callable[[Account], Select[*tuple[Any, ...]]]
_VIEWERS = 512


def prepared(build: Callable[[Account], T]) -> Callable[[Account], T]:
    """Let `build` run once for each viewer. It may look at the id and the role of the viewer
    alone, which is all that `visible_to` asks of the staff."""

    @lru_cache(maxsize=_VIEWERS)
    def build_once(account_id: int, role: Role) -> T:
        return build(Account(id=account_id, role=role))

    @wraps(build)
    def built(viewer: Account) -> T:
        return build_once(viewer.id, viewer.role)

    return built
