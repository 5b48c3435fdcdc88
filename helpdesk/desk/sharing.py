"""Who may change and share what agents keep: views and macros."""

from collections.abc import Sequence
from typing import Protocol

from helpdesk.accounts.models import Account, Team
from helpdesk.core.errors import Forbidden


class Kept(Protocol):
    """Something of one agent's, perhaps shared with teams or with everybody."""

    for_everybody: bool

    @property
    def teams(self) -> Sequence[Team]: ...

    def may_be_changed_by(self, account: Account) -> bool:
        """Whether it is theirs to change."""


class Sharing(Protocol):
    """With whom somebody wants to share it."""

    @property
    def teams(self) -> Sequence[Team]: ...
    @property
    def for_everybody(self) -> bool: ...


def require_sharing(kept: Kept, wish: Sharing, word: str, *, by: Account) -> None:
    """Managers share with whom they like, agents with their teams. Raises Forbidden."""
    if by.is_manager:
        return
    if wish.for_everybody and not kept.for_everybody:
        raise Forbidden(
            f"A manager can share a {word} with everybody; you can share it with a team."
        )
    mine = {team.id for team in by.teams} | {team.id for team in kept.teams}
    if others := [team.name for team in wish.teams if team.id not in mine]:
        raise Forbidden(f"You are not in {others[0]}, so you cannot share {word}s with it.")


def require_right(kept: Kept, refusal: str, *, by: Account) -> None:
    """Raise Forbidden for what is not theirs to change."""
    if not kept.may_be_changed_by(by):
        raise Forbidden(refusal)
