"""A rule as somebody types it, and what is wrong with it.

A draft is kept as it was typed, however wrong it is; only what can be understood is switched on.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from helpdesk.core.errors import HelpdeskError, Invalid
from helpdesk.core.text import one_line
from helpdesk.rules.causes import KINDS, MOST_VALUES, Trigger, checked, values_of
from helpdesk.rules.models import RuleVersion
from helpdesk.rules.waiting import UNITS, Wait, wait_from, wait_of
from helpdesk.tickets.changes import ChangesInvalid, as_json, from_form
from helpdesk.tickets.changes.reading import FIELD
from helpdesk.tickets.filters import LONGEST, FilterError, parse

LONGEST_NAME = 80


@dataclass(frozen=True)
class Heard:
    """One thing that a rule may listen to, as it was typed."""

    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class Typed:
    """Everything that the form of a rule holds."""

    name: str = ""
    heard: Mapping[str, Heard] = field(default_factory=dict)
    wait_kind: str = ""
    wait_number: str = ""
    wait_unit: str = "hours"
    wait_hours: str = ""
    text: str = ""
    changes: Mapping[str, str] = field(default_factory=dict)
    """By the names of the fields, see `tickets.changes.from_form`."""
    stops: bool = False


@dataclass
class Understood:
    """What it means, as it is kept; `wrong` says by part what cannot be meant."""

    triggers: list[dict[str, Any]] = field(default_factory=list)
    wait: dict[str, Any] | None = None
    text: str = ""
    changes: list[dict[str, Any]] = field(default_factory=list)
    wrong: dict[str, HelpdeskError] = field(default_factory=dict)


def understood(typed: Typed) -> Understood:
    """Read what was typed; nothing is thrown away for being wrong."""
    found = Understood(text=typed.text.strip())
    if not 1 <= len(one_line(typed.name)) <= LONGEST_NAME:
        found.wrong["name"] = Invalid(f"A rule has a name of 1 to {LONGEST_NAME} characters.")
    _read_triggers(typed, found)
    _read_wait(typed, found)
    if not typed.heard and not typed.wait_kind:
        found.wrong["when"] = Invalid("Choose when the rule is asked.")
    try:
        parse(typed.text).check(None)
    except FilterError as error:
        found.wrong["text"] = error
    try:
        found.changes = as_json(from_form(typed.changes, by_person=False))
    except ChangesInvalid as error:
        found.wrong["changes"] = error
        found.changes = [
            {"do": name.removeprefix(FIELD), "to": to} for name, to in typed.changes.items() if to
        ]
    return found


def _read_triggers(typed: Typed, found: Understood) -> None:
    for kind, heard in typed.heard.items():
        try:
            trigger = Trigger(kind, values_of(kind, heard.before), values_of(kind, heard.after))
            checked([trigger])
        except Invalid as error:
            found.wrong[f"when-{kind}"] = error
            trigger = Trigger(kind, _as_typed(heard.before), _as_typed(heard.after))
        found.triggers.append(trigger.as_json)


def _as_typed(text: str) -> tuple[str, ...]:
    values = [value.strip()[:120] for value in text.split(",") if value.strip()]
    return tuple(values[:MOST_VALUES])


def _read_wait(typed: Typed, found: Understood) -> None:
    if not typed.wait_kind:
        return
    try:
        wait = wait_of(typed.wait_kind, typed.wait_number, typed.wait_unit, typed.wait_hours)
        found.wait = wait.as_json
    except Invalid as error:
        found.wrong["wait"] = error


def typed_of(version: RuleVersion) -> Typed:
    """What the form of a version shows."""
    wait = _wait(version)
    number, unit = _parted(wait.seconds) if wait else ("", "hours")
    return Typed(
        version.name,
        {
            one["kind"]: Heard(", ".join(one["before"]), ", ".join(one["after"]))
            for one in version.triggers
            if one.get("kind") in KINDS
        },
        wait.kind if wait else "",
        number,
        unit,
        str(wait.hours_id or "") if wait else "",
        version.text,
        {FIELD + one["do"]: _in_field(one["to"]) for one in version.changes},
        version.stops,
    )


def _wait(version: RuleVersion) -> Wait | None:
    try:
        return wait_from(version.wait)
    except KeyError:
        return None


def _parted(seconds: int) -> tuple[str, str]:
    for unit in ("days", "hours"):
        size = int(UNITS[unit].total_seconds())
        if seconds % size == 0:
            return str(seconds // size), unit
    return str(seconds // 60), "minutes"


def _in_field(to: object) -> str:
    if isinstance(to, list):
        return ", ".join(map(str, to))
    return "none" if to is None else str(to)


def from_fields(form: Mapping[str, str]) -> Typed:
    """What a form says. Over-long texts are cut where they could not be kept anyway."""
    return Typed(
        form.get("name", "")[:400],
        {
            kind: Heard(form.get(f"before-{kind}", "")[:2000], form.get(f"after-{kind}", "")[:2000])
            for kind in KINDS
            if f"on-{kind}" in form
        },
        form.get("wait", "")[:40],
        form.get("wait-number", "").strip()[:12],
        form.get("wait-unit", "hours")[:12],
        form.get("wait-hours", "")[:12],
        form.get("text", "")[: LONGEST + 1],
        {name: value for name, value in form.items() if name.startswith(FIELD)},
        "stops" in form,
    )
