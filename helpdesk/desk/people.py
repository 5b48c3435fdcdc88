"""Who works here: names for sentences, and who can be given a ticket."""

from dataclasses import dataclass

from sqlalchemy import literal, select, union_all

from helpdesk.accounts.models import IS_STAFF, Account, Team
from helpdesk.core.db import ask
from helpdesk.core.unchanged import while_unchanged


@dataclass(frozen=True)
class People:
    """Names by id. `former` cannot be given tickets any more, but are named in old sentences."""

    agents: dict[int, str]
    former: dict[int, str]
    teams: dict[int, str]

    def agent(self, account_id: int | None) -> str:
        """The name of somebody who works or worked here; "nobody" for None."""
        if account_id is None:
            return "nobody"
        return self.agents.get(account_id) or self.former.get(account_id, "somebody")

    def team(self, team_id: int | None) -> str:
        """The name of a team; "no team" for None."""
        return "no team" if team_id is None else self.teams.get(team_id, "a former team")


_AGENTS = select(
    literal("agent").label("kind"),
    Account.id,
    Account.name,
    Account.disabled_at.is_(None).label("present"),
).where(IS_STAFF)
_TEAMS = select(literal("team"), Team.id, Team.name, literal(True))
_PEOPLE = union_all(_AGENTS, _TEAMS).order_by("name")


@while_unchanged
def people() -> People:
    """Everybody who works here and every team, in one question. Not to be changed."""
    agents: dict[int, str] = {}
    former: dict[int, str] = {}
    teams: dict[int, str] = {}
    for kind, row_id, name, present in ask(_PEOPLE).all():
        names = teams if kind == "team" else agents if present else former
        names[row_id] = name
    return People(agents, former, teams)
