"""Rules for tests, written briefly: rule("status:open", {"priority": "urgent"}, "filed")."""

from collections.abc import Mapping, Sequence
from typing import Any

from helpdesk.core.clock import now
from helpdesk.core.db import session
from helpdesk.rules.causes import Trigger
from helpdesk.rules.models import Rule, RuleDecision, RuleVersion, State
from helpdesk.rules.waiting import Wait


def rule(
    text: str,
    changes: Mapping[str, Any],
    *triggers: str | Trigger,
    name: str = "Refund words",
    stops: bool = False,
    wait: Wait | None = None,
    state: State = State.ON,
) -> Rule:
    """A rule behind all others, in force; inside a transaction."""
    place = len(session.query(Rule).all())
    row = Rule(place=place, state=state, created_at=now())
    session.add(row)
    session.flush()
    heard = [Trigger(one) if isinstance(one, str) else one for one in triggers]
    version = RuleVersion(
        rule_id=row.id,
        number=1,
        name=name,
        triggers=[one.as_json for one in heard],
        wait=wait.as_json if wait else None,
        text=text,
        changes=[{"do": do, "to": to} for do, to in changes.items()],
        stops=stops,
        saved_at=now(),
    )
    session.add(version)
    session.flush()
    row.version_id = version.id
    return row


def decisions() -> Sequence[RuleDecision]:
    """All of them, in the order in which they were taken."""
    return session.query(RuleDecision).order_by(RuleDecision.id).all()


def outcomes() -> list[tuple[str, str]]:
    """Name of the rule and what became of it."""
    return [(one.version.name, one.outcome.value) for one in decisions()]
