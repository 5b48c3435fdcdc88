"""The rules in force: what is on and not parked, ready to be asked."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, String, cast, select

from helpdesk.core.db import ask, session
from helpdesk.rules.causes import Happening, Trigger, trigger_from
from helpdesk.rules.matching import Unit, units_of
from helpdesk.rules.models import Rule, RuleVersion, State
from helpdesk.rules.waiting import Wait, wait_from
from helpdesk.tickets.changes import Changes, ChangesInvalid, read
from helpdesk.tickets.filters import FilterError, parse
from helpdesk.tickets.filters.naming import Names


@dataclass(frozen=True)
class Held:
    """A version of a rule, ready to be asked. `error` says why it cannot be."""

    rule_id: int
    version_id: int
    name: str
    triggers: tuple[Trigger, ...]
    wait: Wait | None
    units: tuple[Unit, ...]
    changes: tuple[Mapping[str, Any], ...]
    stops: bool
    everywhere: bool = False
    error: str = ""

    def listens(self, kind: str) -> bool:
        """Whether such a thing could be meant."""
        return any(trigger.kind == kind for trigger in self.triggers)

    def hears(self, happening: Happening, names: Names) -> bool:
        """Whether this very thing is meant. Raises FilterError for whom it names and is gone."""
        return any(trigger.hears(happening, names) for trigger in self.triggers)

    def to_do(self) -> Changes:
        """What it changes. Raises ChangesInvalid where somebody whom it names is gone."""
        return read(list(self.changes), by_person=False)


_COLUMNS = (
    RuleVersion.id,
    RuleVersion.rule_id,
    RuleVersion.name,
    cast(RuleVersion.triggers, String).label("triggers"),
    cast(RuleVersion.wait, String).label("wait"),
    RuleVersion.text,
    cast(RuleVersion.changes, String).label("changes"),
    RuleVersion.stops,
    RuleVersion.everywhere,
)
_IN_FORCE: Select[*tuple[Any, ...]] = (
    select(*_COLUMNS)
    .join(Rule, Rule.version_id == RuleVersion.id)
    .where(Rule.state == State.ON, Rule.parked_at.is_(None))
    .order_by(Rule.place, Rule.id)
)


def in_force() -> list[Held]:
    """All of them, in the order in which they are asked. Columns are read as the texts they are,
    and what they mean is worked out once for each version."""
    session.flush()
    return [_held(tuple(row)) for row in ask(_IN_FORCE)]


def held(version: RuleVersion) -> Held:
    """One version, whether it is in force or not."""
    session.flush()
    return _held(tuple(ask(select(*_COLUMNS).where(RuleVersion.id == version.id)).one()))


@lru_cache(maxsize=2048)
def _held(row: tuple[Any, ...]) -> Held:
    version_id, rule_id, name, triggers, wait, text, changes, stops, everywhere = row
    try:
        return Held(
            rule_id,
            version_id,
            name,
            tuple(map(trigger_from, json.loads(triggers))),
            wait_from(json.loads(wait) if wait else None),
            units_of(parse(text)),
            tuple(json.loads(changes)),
            stops,
            everywhere,
        )
    except FilterError as error:
        return _broken(row, f"Its conditions cannot be read: {error.message}")
    except (KeyError, TypeError, ValueError) as error:
        return _broken(row, f"It cannot be read: {type(error).__name__}: {error}")


def _broken(row: tuple[Any, ...], error: str) -> Held:
    version_id, rule_id, name, *_ = row
    every = tuple(Trigger(kind) for kind in _kinds(row[3]))
    return Held(rule_id, version_id, name, every, None, (), (), False, error=error)


def _kinds(triggers: str) -> list[str]:
    return [str(one.get("kind", "")) for one in json.loads(triggers) if isinstance(one, dict)]


__all__ = ["ChangesInvalid", "Held", "held", "in_force"]
