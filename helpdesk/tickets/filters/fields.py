"""The fields of the filter language: their names, what can be said of them, and how."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from difflib import get_close_matches

from helpdesk.core.ids import END_OF_IDS
from helpdesk.tickets.filters import moments
from helpdesk.tickets.models import Priority, Status

NONE, ME, MINE = "none", "me", "mine"
COMPARING = ("<", "<=", ">", ">=")
SENTIMENTS = ("negative", "neutral", "positive")
STATES = ("open", "done", "waiting", "unassigned", "snoozed", "merged")
"""What `is:` knows besides the statuses: neither resolved nor closed; resolved or closed; a
customer waits for an answer; nobody has it; put aside for a while; it goes on in another one."""

Check = Callable[[str], str]


@dataclass(frozen=True)
class Field:
    """One field. `words` are values with a meaning of their own; `check` takes any other value and
    gives back how it is written, or raises ValueError with a sentence; without it there is none."""

    name: str
    meaning: str
    example: str
    words: tuple[str, ...] = ()
    check: Check | None = None
    aliases: tuple[str, ...] = ()
    compares: bool = False
    renamed: tuple[tuple[str, str], ...] = ()
    """Other spellings of words, and the right ones."""

    def value(self, text: str, comparing: bool = False) -> str:
        """A value as it is written here. Raises ValueError with what is wrong about it."""
        plain = text.strip().lower().replace(" ", "_")
        plain = dict(self.renamed).get(plain, plain)
        if plain in self.words and not (comparing and plain == NONE):
            return plain
        if self.check is not None:
            return self.check(text.strip())
        raise ValueError(f"“{self.name}” is never “{text}”.")

    def like(self, text: str) -> str:
        """The word that may have been meant, or nothing."""
        return closest(text, self.words)


def closest(text: str, words: Collection[str]) -> str:
    """The one of `words` that is spelled most like `text`, or nothing."""
    lower = {word.lower(): word for word in words}
    found = get_close_matches(text.strip().lower()[:60], lower, n=1, cutoff=0.6)
    return lower[found[0]] if found else ""


def _name(text: str) -> str:
    if len(text) > 120:
        raise ValueError("No name is that long.")
    return text


def _tag(text: str) -> str:
    plain = _name(text).lower().replace(" ", "-").strip("-#")
    if not plain:
        raise ValueError(f"“{text}” is not a tag.")
    return plain


def _whole(text: str) -> str:
    digits = text.removeprefix("#")
    if not (digits.isascii() and digits.isdigit() and int(digits[:20]) < END_OF_IDS):
        raise ValueError(f"“{text}” is not a number.")
    return str(int(digits))


def _score(text: str) -> str:
    if text not in {"1", "2", "3", "4", "5"}:
        raise ValueError(f"A score is 1, 2, 3, 4 or 5, not “{text}”.")
    return text


def _polarity(text: str) -> str:
    try:
        value = float(text)
    except ValueError:
        raise ValueError(
            f"“{text}” is no sentiment: negative, neutral, positive, none, or a number"
            " from -1 to 1."
        ) from None
    if not -1 <= value <= 1:
        raise ValueError("A sentiment lies between -1 and 1.")
    return f"{value:g}"


def _channel(text: str) -> str:
    if not text.replace("-", "").isalpha() or len(text) > 20:
        raise ValueError(f"“{text}” is not a channel.")
    return text.lower()


_STATUSES = tuple(status.value for status in Status)
_ON_HOLD = (("hold", "on_hold"), ("onhold", "on_hold"), ("on-hold", "on_hold"))

FIELDS = (
    Field("status", "where it stands", "status:open,pending", _STATUSES, renamed=_ON_HOLD),
    Field(
        "is",
        "open: neither resolved nor closed; done; waiting for us; unassigned; snoozed; merged",
        "is:open",
        (*STATES, *_STATUSES),
        renamed=(*_ON_HOLD, ("unanswered", "waiting")),
    ),
    Field(
        "assignee", "who has it", "assignee:me", (ME, NONE), _name, ("assigned", "agent", "owner")
    ),
    Field("team", "whose queue it is in", "team:billing", (MINE, NONE), _name),
    Field("type", "what it is about", "type:order", (NONE,), _name, ("kind",)),
    Field("tag", "words that agents put on it", "tag:refund", (NONE,), _tag, ("tags", "label")),
    Field(
        "priority",
        "how urgent it is",
        "priority>=high",
        tuple(priority.value for priority in Priority),
        compares=True,
    ),
    Field(
        "customer",
        "who asked: name, address or organization",
        'customer:"Acme"',
        (),
        _name,
        ("from",),
    ),
    Field(
        "organization",
        "where the customer is",
        "organization:acme",
        (NONE,),
        _name,
        ("org", "company"),
    ),
    Field("channel", "how it came", "channel:portal", (), _channel, ("via",)),
    Field(
        "sla",
        "what was promised: late, due within the hour, paused, or in time",
        "sla:breaching",
        ("breached", "breaching", "paused", "ok", NONE),
        renamed=(("late", "breached"), ("soon", "breaching")),
    ),
    Field(
        "sentiment",
        "how the customer’s last words sound",
        "sentiment:negative",
        (*SENTIMENTS, NONE),
        _polarity,
        ("tone", "mood"),
        compares=True,
    ),
    Field(
        "score", "how the customer rated it", "score<=2", (NONE,), _score, ("csat", "rating"), True
    ),
    Field("flag", "the customer may leave", "flag:churn", ("churn", NONE)),
    Field(
        "created", "when it was filed", "created<2026-01-01", (), moments.checked, ("filed",), True
    ),
    Field(
        "updated",
        "when somebody last worked on it",
        "updated>7d",
        (),
        moments.checked,
        ("active",),
        True,
    ),
    Field("resolved", "when it was resolved", "resolved:today", (NONE,), moments.checked, (), True),
    Field("number", "its number", "number:4711", (), _whole, ("id", "ticket"), True),
)
BY_NAME = {name: field for field in FIELDS for name in (field.name, *field.aliases)}
CUSTOM = "field."
"""What the names of fields begin with that administrators made."""


def custom(name: str) -> Field:
    """A field that administrators made; whether there is one is asked when it is used."""
    return Field(name, "what is filled in", f"{name}:4711", (NONE,), _name, compares=True)
