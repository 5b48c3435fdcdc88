"""Who may see which figures: the one place that decides.

Managers and administrators see everything, agents their own figures and their teams'. Whatever
hangs on a ticket counts only where the reader may see that ticket.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import literal, or_, select, union_all

from helpdesk.accounts.models import STAFF, Account, Team, team_member
from helpdesk.core.db import session
from helpdesk.core.errors import Forbidden
from helpdesk.reports.dimensions import Value
from helpdesk.reports.selection import Selection
from helpdesk.reports.subjects import Condition, Measure
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.queries import visible_to


@dataclass(frozen=True)
class Names:
    """Names by id of teams and of staff, as far as they may be chosen; and of everybody."""

    teams: dict[int, str]
    agents: dict[int, str]
    everybody: dict[int, str]
    every_team: dict[int, str]
    own_teams: frozenset[int] = frozenset()
    closed_teams: frozenset[int] = frozenset()
    """Those whose tickets the reader may not see."""

    def agent(self, account_id: Value) -> str:
        """Somebody who works or worked here; "nobody" for None."""
        if not isinstance(account_id, int):
            return "nobody"
        return self.everybody.get(account_id, "somebody")

    def team(self, team_id: Value) -> str:
        """The name of a team; "no team" for None."""
        if not isinstance(team_id, int):
            return "no team"
        return self.every_team.get(team_id, "a former team")


class Reader:
    """Whoever reads a report."""

    def __init__(self, account: Account) -> None:
        self.account = account

    @property
    def is_manager(self) -> bool:
        return self.account.is_manager

    @property
    def is_active(self) -> bool:
        """Whether there is anything to be seen."""
        return self.account.is_active

    @cached_property
    def looked_up(self) -> dict[Hashable, Any]:
        """What was looked up once for all questions of this reader."""
        return {}

    @property
    def closed_teams(self) -> frozenset[int]:
        """Teams whose tickets are not the reader's to see."""
        return self.names.closed_teams

    @cached_property
    def names(self) -> Names:
        """Who and what can be chosen, in one question."""
        mine = select(team_member.c.team_id).where(team_member.c.account_id == self.account.id)
        teams = select(literal("team").label("kind"), Team.id, Team.name, Team.id.in_(mine))
        closed = select(literal("closed"), Team.id, Team.name, Team.restricted)
        staff = select(literal("agent"), Account.id, Account.name, Account.disabled_at.is_(None))
        rows = session.execute(
            union_all(teams, closed, staff.where(Account.role.in_(STAFF))).order_by("name")
        ).all()
        every_team = {row_id: name for kind, row_id, name, _ in rows if kind == "team"}
        own = {row_id for kind, row_id, _, is_mine in rows if kind == "team" and is_mine}
        closed_to_me = {row_id for kind, row_id, _, is_so in rows if kind == "closed" and is_so}
        everybody = {row_id: name for kind, row_id, name, _ in rows if kind == "agent"}
        present = {row_id: name for kind, row_id, name, here in rows if kind == "agent" and here}
        open_to_me = set(every_team) if self.account.is_admin else set(every_team) - closed_to_me
        shown = (open_to_me | own) if self.is_manager else own
        return Names(
            {row_id: name for row_id, name in every_team.items() if row_id in shown},
            present if self.is_manager else {self.account.id: self.account.name},
            everybody,
            every_team,
            frozenset(own),
            frozenset() if self.account.is_admin else frozenset(closed_to_me - own),
        )

    def check(self, selection: Selection) -> None:
        """Raise Forbidden for a team or an agent whose figures are not the reader's to see."""
        teams, agents = selection.values("team"), selection.values("agent")
        if any(team is not None and team not in self.names.teams for team in teams):
            raise Forbidden("There is no such team, or its figures are not yours to see.")
        known = self.names.everybody if self.is_manager else self.names.agents
        if any(agent is not None and agent not in known for agent in agents):
            raise Forbidden("There is no such agent, or the figures are not yours to see.")

    def may_see(self, measure: Measure) -> bool:
        """Figures of the company as a whole are for managers."""
        return self.is_manager or not measure.is_company_wide

    def sees(self, measure: Measure) -> list[Condition]:
        """The conditions under which a row of a measure counts for the reader.

        Raises Forbidden for a measure that is for managers.
        """
        if not self.may_see(measure):
            raise Forbidden("These figures are for managers.")
        conditions = []
        subject = measure.subject
        if subject.has_ticket:
            seen = visible_to(self.account)
            conditions.append(or_(Ticket.id.is_(None), seen) if subject.may_lack_ticket else seen)
        if not self.is_manager:
            own = select(team_member.c.team_id).where(team_member.c.account_id == self.account.id)
            agent, team = measure.columns["agent"], measure.columns["team"]
            conditions.append(or_(agent == self.account.id, team.in_(own)))
        return conditions
