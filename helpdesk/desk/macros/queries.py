"""Questions about macros. What is not shared with somebody does not exist for them."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import selectinload

from helpdesk.accounts.models import Account, team_member
from helpdesk.core.db import session
from helpdesk.core.errors import NotFound
from helpdesk.core.ids import is_id
from helpdesk.desk.macros.models import Macro, macro_team

MOST_LISTED = 500


def reachable_by(viewer: Account) -> ColumnElement[bool]:
    """The condition for macros that somebody has: their own, and what is shared with them;
    managers look after all that is shared."""
    mine = select(team_member.c.team_id).where(team_member.c.account_id == viewer.id)
    shared = select(macro_team.c.macro_id)
    if not viewer.is_manager:
        shared = shared.where(macro_team.c.team_id.in_(mine))
    return or_(Macro.owner_id == viewer.id, Macro.for_everybody, Macro.id.in_(shared))


def macros_of(viewer: Account) -> list[Macro]:
    """All macros that somebody has, by name."""
    statement = (
        select(Macro)
        .where(reachable_by(viewer))
        .options(selectinload(Macro.teams))
        .order_by(Macro.name, Macro.id)
        .limit(MOST_LISTED)
    )
    return list(session.scalars(statement))


def macro_for(viewer: Account, macro_id: int) -> Macro:
    """A macro that somebody has. Raises NotFound when there is none."""
    statement = select(Macro).where(Macro.id == macro_id, reachable_by(viewer))
    macro = session.scalar(statement) if is_id(macro_id) else None
    if macro is None:
        raise NotFound("There is no such macro, or it is not shared with you.")
    return macro


def fitting(macros: Sequence[Macro], text: str) -> list[Macro]:
    """Those that hold every word of a text: by shortcut first, then by name, then by what they
    write. An empty text fits all."""
    words = text.casefold().removeprefix("/").split()
    ranked = [(_rank(macro, words), macro) for macro in macros]
    return [
        macro for rank, macro in sorted(ranked, key=lambda one: one[0] or 0) if rank is not None
    ]


def _rank(macro: Macro, words: Sequence[str]) -> int | None:
    shortcut, name = (macro.shortcut or "").casefold(), macro.name.casefold()
    if not words:
        return 1
    if len(words) == 1 and shortcut.startswith(words[0]):
        return 0 if shortcut == words[0] else 1
    starts = name.split()
    if all(any(start.startswith(word) for start in starts) for word in words):
        return 2
    everything = f"{name} {macro.text.casefold()}"
    return 3 if all(word in everything for word in words) else None
