"""By what figures are split and narrowed: each has a name in the address, and values of a type."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from helpdesk.churn.models import FlagState
from helpdesk.core.errors import Invalid
from helpdesk.surveys.models import Cause, Outcome
from helpdesk.surveys.reasons import Reason
from helpdesk.tickets.sla import Target

Value = int | str | None
"""One value of a dimension; None is "none": nobody, no team, nothing yet."""

NONE = "none"
LABELS = ("positive", "neutral", "negative", "not_scored")
FATES = ("stayed", "left", "new", "came_and_left")

RESULTS = ("kept", "broken")
BREACHES = ("nobody_had_it", "came_back", "handed_on", "in_work")
CONTACTS = ("in_time", "late", "missed", "not_due")
ANSWERS = ("higher", "not_higher", "none_yet")
AGES = ("a_day", "a_week", "a_month", "longer")

LONGEST_TAG = 40
_WORD = re.compile(r"[\w .&+-]{1,40}")


@dataclass(frozen=True)
class Dimension:
    """`read` makes a value of a text in the address; it raises ValueError for what is none."""

    name: str
    words: str
    read: Callable[[str], Value]
    has_none: bool = True
    """Whether "none" means nothing; as a tag it is a word like any other."""

    def value(self, text: str) -> Value:
        """The value that a text names. Raises Invalid in words."""
        text = text.strip()
        if text == NONE and self.has_none:
            return None
        try:
            return self.read(text)
        except ValueError as error:
            raise Invalid(f"There is no {self.words} “{text[:40]}”.") from error


def written(value: Value) -> str:
    """A value as it stands in an address."""
    return NONE if value is None else str(value)


def _id(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 18):
        raise ValueError(text)
    return int(text)


def _score(text: str) -> int:
    score = _id(text)
    if score > 10:
        raise ValueError(text)
    return score


def _tag(text: str) -> str:
    """A tag may hold any letter or sign, but nothing that cannot be printed."""
    if len(text) > LONGEST_TAG or min(text, default="\0") < " ":
        raise ValueError(text)
    return text.lower()


def _word(text: str) -> str:
    if not _WORD.fullmatch(text):
        raise ValueError(text)
    return text


def _day(text: str) -> str:
    return date.fromisoformat(text).isoformat()


def _one_of(*allowed: str) -> Callable[[str], Value]:
    def read(text: str) -> Value:
        return allowed[allowed.index(text)]

    return read


DIMENSIONS: Mapping[str, Dimension] = {
    each.name: each
    for each in (
        Dimension("team", "team", _id),
        Dimension("agent", "agent", _id),
        Dimension("tag", "tag", _tag, has_none=False),
        Dimension("channel", "channel", _word),
        Dimension("score", "score", _score),
        Dimension("label", "tone", _one_of(*LABELS)),
        Dimension("reason", "reason", Reason),
        Dimension("state", "state", FlagState),
        Dimension("fate", "fate", _one_of(*FATES)),
        Dimension("here_after", "still here after", _day, has_none=False),
        Dimension("policy", "policy", _id),
        Dimension("target", "promise", Target, has_none=False),
        Dimension("kept", "result", _one_of(*RESULTS), has_none=False),
        Dimension("why", "cause of a breach", _one_of(*BREACHES), has_none=False),
        Dimension("contact", "first contact", _one_of(*CONTACTS), has_none=False),
        Dimension("again", "next answer", _one_of(*ANSWERS), has_none=False),
        Dimension("cause", "cause", Cause),
        Dimension("outcome", "outcome", Outcome),
        Dimension("age", "age", _one_of(*AGES), has_none=False),
    )
}
FILTERS = ("team", "agent", "tag")
"""What narrows a whole report."""
