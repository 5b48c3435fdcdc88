"""What agents do with macros, and what macros do to a ticket."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, select

from helpdesk.accounts.models import Account, Team
from helpdesk.core.clock import now
from helpdesk.core.db import session
from helpdesk.core.errors import Conflict, Invalid
from helpdesk.core.journal import record
from helpdesk.core.text import one_line
from helpdesk.desk.macros.events import MacroDeleted, MacroSaved, MacroUsed
from helpdesk.desk.macros.models import Macro
from helpdesk.desk.macros.queries import macros_of
from helpdesk.desk.sharing import require_right, require_sharing
from helpdesk.tickets import changes
from helpdesk.tickets.models import Ticket

MOST_MACROS = 200
LONGEST_NAME = 60
NOT_YOURS = "This macro is shared with you; its owner or a manager can change it."
_SHORTCUT = re.compile(r"[a-z0-9][a-z0-9_-]{0,29}")


@dataclass(frozen=True)
class Wish:
    """What a macro should be; `changes` as a form hands them in, see `changes.from_form`."""

    name: str
    shortcut: str = ""
    changes: Mapping[str, str] = field(default_factory=dict)
    teams: Sequence[Team] = ()
    for_everybody: bool = False


def save_macro(wish: Wish, *, by: Account) -> Macro:
    """A new macro.

    Raises Invalid for a wish that cannot be, and when there are too many already; ChangesInvalid
    for changes that cannot be; Forbidden for sharing with a team one is not in.
    """
    own = select(func.count()).select_from(Macro).where(Macro.owner_id == by.id)
    if (session.scalar(own) or 0) >= MOST_MACROS:
        raise Invalid(f"{MOST_MACROS} macros are enough for anybody. Delete one first.")
    macro = Macro(owner_id=by.id, created_at=now(), version=0, for_everybody=False, changes=[])
    _keep(macro, wish, by)
    return macro


def change_macro(macro: Macro, wish: Wish, *, by: Account) -> None:
    """Make it what is wished. Raises what `save_macro` raises."""
    require_right(macro, NOT_YOURS, by=by)
    _keep(macro, wish, by)


def delete_macro(macro: Macro, *, by: Account) -> None:
    """Nobody has it any more; what it did stays done. Raises Forbidden for somebody else's."""
    require_right(macro, NOT_YOURS, by=by)
    record(MacroDeleted(macro.id, macro.name), by=by)
    session.delete(macro)


def use(macro: Macro, ticket: Ticket, *, by: Account) -> None:
    """Do all of it but the reply to a ticket that the caller has locked, and name it in the
    journal. Raises Refused when one change cannot be done."""
    before, after = changes.around_reply(macro.todo)
    did = changes.apply(before + after, ticket, by=by).did
    note_use(macro, ticket, did, by=by)


def note_use(macro: Macro, ticket: Ticket, did: Sequence[str], *, by: Account) -> None:
    """Name the macro in the journal of the ticket."""
    record(MacroUsed(ticket.id, macro.id, macro.name, list(did)), by=by)


def require_version(macro: Macro, seen: int) -> None:
    """Raise Conflict when the macro says something else than what somebody saw of it."""
    if macro.version != seen:
        raise Conflict(f"The macro {macro.name} was changed meanwhile. Look at what it does now.")


def _keep(macro: Macro, wish: Wish, by: Account) -> None:
    _set(macro, wish, by)
    session.add(macro)
    session.flush()
    _record(macro, by)


def _set(macro: Macro, wish: Wish, by: Account) -> None:
    name = one_line(wish.name)
    if not 1 <= len(name) <= LONGEST_NAME:
        raise Invalid(f"A macro has a name of 1 to {LONGEST_NAME} characters.", "name")
    shortcut = _shortcut(macro, wish.shortcut, by)
    kept = changes.as_json(changes.from_form(wish.changes))
    require_sharing(macro, wish, "macro", by=by)
    if kept != macro.changes:
        macro.version += 1
    macro.name, macro.shortcut, macro.changes = name, shortcut, kept
    macro.teams, macro.for_everybody = list(wish.teams), wish.for_everybody


def _shortcut(macro: Macro, typed: str, by: Account) -> str | None:
    shortcut = one_line(typed).casefold().removeprefix("/")
    if not shortcut:
        return None
    if not _SHORTCUT.fullmatch(shortcut):
        raise Invalid(
            "A shortcut is a word of small letters, digits and dashes, such as /refund.", "shortcut"
        )
    with session.no_autoflush:
        others = (one for one in macros_of(by) if one is not macro)
        if taken := next((one for one in others if one.shortcut == shortcut), None):
            raise Invalid(f"“{taken.name}” has the shortcut /{shortcut} already.", "shortcut")
    return shortcut


def _record(macro: Macro, by: Account) -> None:
    teams = sorted(team.id for team in macro.teams)
    kinds = [str(one["do"]) for one in macro.changes]
    record(MacroSaved(macro.id, macro.name, kinds, teams, macro.for_everybody), by=by)
