"""What rules listen to: that something happened to a ticket, and from what to what it changed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from helpdesk.core.errors import Invalid
from helpdesk.tickets.filters import FilterError
from helpdesk.tickets.filters.clauses import Condition
from helpdesk.tickets.filters.fields import BY_NAME, closest
from helpdesk.tickets.filters.naming import Names
from helpdesk.tickets.sla import Target

Value = str | int | None
MOST_VALUES = 20


@dataclass(frozen=True)
class Kind:
    """A kind of thing that happens. `of` says what its values are; without it, it has none."""

    key: str
    words: str
    of: str = ""
    before: str = ""
    """What stands before the value that was; nothing where there is none."""
    after: str = ""


KINDS: Mapping[str, Kind] = {
    kind.key: kind
    for kind in (
        Kind("filed", "a ticket is filed"),
        Kind("customer_wrote", "the customer writes again"),
        Kind("agent_replied", "an agent replies"),
        Kind("status", "the status changes", "status", "from", "to"),
        Kind("priority", "the priority changes", "priority", "from", "to"),
        Kind("team", "the ticket changes teams", "team", "from", "to"),
        Kind("assignee", "somebody else gets the ticket", "assignee", "from", "to"),
        Kind("tags", "the tags change", "tag", "without", "with"),
        Kind("tone", "the tone of a message is read", "sentiment", after="as"),
        Kind("sla_warned", "something that was promised is due soon", "target", after="namely"),
        Kind("sla_breached", "something that was promised is late", "target", after="namely"),
        Kind("survey_low", "the customer gives a low rating"),
        Kind("flag_raised", "the customer gets a churn flag"),
    )
}
TARGETS = {target.value: target.value.replace("_", " ") for target in Target}


@dataclass(frozen=True)
class Happening:
    """Something that happened to a ticket. Teams and people are numbers, None is nobody."""

    ticket_id: int
    kind: str
    because: str
    """In words, in the past tense."""
    before: tuple[Value, ...] = ()
    after: tuple[Value, ...] = ()


@dataclass(frozen=True)
class Trigger:
    """What one rule listens to. Empty values mean any."""

    kind: str
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()

    @property
    def as_json(self) -> dict[str, Any]:
        return {"kind": self.kind, "before": list(self.before), "after": list(self.after)}

    def hears(self, happening: Happening, names: Names) -> bool:
        """Whether it was meant. Raises FilterError for people and teams that are not there."""
        return (
            self.kind == happening.kind
            and self._fits(self.before, happening.before, names)
            and self._fits(self.after, happening.after, names)
        )

    def _fits(self, wanted: tuple[str, ...], was: tuple[Value, ...], names: Names) -> bool:
        return not wanted or bool(set(self._meant(wanted, names)) & set(was))

    def _meant(self, wanted: tuple[str, ...], names: Names) -> Sequence[Value]:
        of = KINDS[self.kind].of
        if of == "team":
            return names.teams(Condition("team", ":", wanted))
        if of == "assignee":
            return names.agents(Condition("assignee", ":", wanted))
        return wanted

    def check(self, names: Names) -> None:
        """Raises FilterError for people and teams that are not there."""
        self._meant(self.before, names)
        self._meant(self.after, names)

    @property
    def words(self) -> str:
        """When, in words: "the status changes from pending to open"."""
        kind = KINDS[self.kind]
        before = f" {kind.before} {_either(self.before)}" if self.before else ""
        after = f" {kind.after} {_either(self.after)}" if self.after else ""
        return f"{kind.words}{before}{after}"


def _either(values: Sequence[str]) -> str:
    said = [value.replace("_", " ") for value in values]
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} or {said[-1]}"


def trigger_from(data: Mapping[str, Any]) -> Trigger:
    """The trigger that was kept. Raises KeyError for one of another version of this program."""
    return Trigger(KINDS[data["kind"]].key, tuple(data["before"]), tuple(data["after"]))


def values_of(kind: str, text: str) -> tuple[str, ...]:
    """Values as somebody typed them, with commas between them. Raises Invalid."""
    typed = [value.strip() for value in text.split(",") if value.strip()]
    if len(typed) > MOST_VALUES:
        raise Invalid(f"{MOST_VALUES} values are enough; to listen to any, leave the field empty.")
    return tuple(dict.fromkeys(_CHECKS[KINDS[kind].of](value) for value in typed))


def _of_field(name: str) -> Callable[[str], str]:
    def check(text: str) -> str:
        field = BY_NAME[name]
        try:
            return field.value(text)
        except ValueError as why:
            like = field.like(text)
            choices = ", ".join(word for word in field.words if word != "none")
            hint = f" Did you mean “{like}”?" if like else f" It is {choices}." * bool(choices)
            raise Invalid(f"{why}{hint}") from None

    return check


def _target(text: str) -> str:
    plain = text.lower().replace(" ", "_")
    if plain not in TARGETS:
        like = closest(plain, TARGETS)
        hint = (
            f"Did you mean “{TARGETS[like]}”?" if like else f"It is {', '.join(TARGETS.values())}."
        )
        raise Invalid(f"“{text[:60]}” is not promised. {hint}")
    return plain


_CHECKS: Mapping[str, Callable[[str], str]] = {
    "status": _of_field("status"),
    "priority": _of_field("priority"),
    "team": _of_field("team"),
    "assignee": _of_field("assignee"),
    "tag": _of_field("tag"),
    "sentiment": _of_field("sentiment"),
    "target": _target,
}


def checked(triggers: Sequence[Trigger]) -> None:
    """Raise Invalid where a trigger names somebody or a team that is not there."""
    names = Names(None)
    for trigger in triggers:
        try:
            trigger.check(names)
        except FilterError as error:
            raise Invalid(f"When {KINDS[trigger.kind].words}: {error.message}") from error
