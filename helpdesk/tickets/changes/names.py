"""Whom and what changes speak of."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from helpdesk.accounts.models import IS_STAFF, Account, Team
from helpdesk.core.db import ask
from helpdesk.core.unchanged import while_unchanged
from helpdesk.tickets.together import once
from helpdesk.tickets.types import type_names


@dataclass(frozen=True)
class Names:
    """Names by id; agents are those who can be given tickets, types those in use. Not to be
    changed."""

    agents: Mapping[int, str]
    teams: Mapping[int, str]
    types: Mapping[int, str]

    def agent(self, account_id: int) -> str:
        """Their name, also when they are gone."""
        return self.agents.get(account_id, "somebody who is gone")

    def team(self, team_id: int | None) -> str:
        """Its name, also when it is gone."""
        return "no team" if team_id is None else self.teams.get(team_id, "a team that is gone")

    def type(self, type_id: int) -> str:
        """Its name, also when nobody uses it any more."""
        return self.types.get(type_id, "that is not used any more")


@once
@while_unchanged
def names() -> Names:
    """Everybody who can be given tickets, every team, and every type in use, by name."""
    agents = select(Account.id, Account.name).where(IS_STAFF, Account.disabled_at.is_(None))
    return Names(
        {row.id: row.name for row in ask(agents.order_by(Account.name, Account.id))},
        {row.id: row.name for row in ask(select(Team.id, Team.name).order_by(Team.name))},
        type_names(),
    )
