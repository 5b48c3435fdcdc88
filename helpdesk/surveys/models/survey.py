"""Questions as they are asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.core.db import Id, Model


class Kind(StrEnum):
    CSAT = "csat"  # how was our help with this ticket
    NPS = "nps"  # would you recommend us
    CES = "ces"  # how easy was it
    FREE = "free"  # anything else one wants to know; never part of those three


class Scale(StrEnum):
    """How the scores look. What is stored is a number whatever it looked like."""

    NUMBERS = "numbers"
    STARS = "stars"
    FACES = "faces"
    THUMBS = "thumbs"
    WORDS = "words"  # no score at all


THUMBS = (1, 5)
"""Down and up, stored as the ends of five, so that they can be read together with other scales."""
NO_SCORE = (0,)
LOW = {Kind.CSAT: 2, Kind.NPS: 6, Kind.CES: 2, Kind.FREE: 0}
"""The highest score of each kind after which somebody calls; of a free question none."""


class Survey(Model):
    """A question as it is asked. It is never edited: a new wording is a new row, so that old
    answers keep the question they answered."""

    __tablename__ = "survey"
    id: Mapped[Id]
    title: Mapped[str] = mapped_column(server_default="")
    """What the staff call it; all versions share it."""
    kind: Mapped[Kind]
    version: Mapped[int] = mapped_column(default=1)
    scale: Mapped[Scale] = mapped_column(default=Scale.NUMBERS, server_default="numbers")
    question: Mapped[str]
    """May hold {subject} and {company}."""
    comment_label: Mapped[str]
    low_label: Mapped[str]
    high_label: Mapped[str]
    lowest: Mapped[int]
    highest: Mapped[int]
    reasons: Mapped[list[Any]] = mapped_column(default=list, server_default=text("'[]'"))
    """What may have gone wrong, to be ticked beside a low score; in the base language."""
    texts: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default=text("'{}'"))
    """By language: question, comment_label, low_label, high_label, reasons (as many, in the same
    order). What is missing there is said in the base language."""
    language: Mapped[str] = mapped_column(String(12), default="en", server_default="en")
    """The base language, that of the columns above."""
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("title", "version"),)

    @property
    def scores(self) -> tuple[int, ...]:
        """Every score that can be given, lowest first."""
        if self.scale is Scale.THUMBS:
            return THUMBS
        if self.scale is Scale.WORDS:
            return NO_SCORE
        return tuple(range(self.lowest, self.highest + 1))

    @property
    def has_scores(self) -> bool:
        """Whether there is anything to choose from."""
        return self.scale is not Scale.WORDS

    def is_low(self, score: int) -> bool:
        """Whether somebody should call whoever gave this score."""
        if self.kind is Kind.CES and self.highest > 5:
            return score <= 3
        return self.has_scores and score <= LOW[self.kind]

    def said_in(self, languages: tuple[str, ...]) -> "Wording":
        """The texts in the first of these languages that has the question."""
        for language in languages:
            if language == self.language:
                break
            words = self.texts.get(language) or {}
            if words.get("question"):
                return self._wording(language, words)
        return self._wording(self.language, {})

    def _wording(self, language: str, words: Mapping[str, Any]) -> "Wording":
        def text_of(name: str) -> str:
            return str(words.get(name) or getattr(self, name))

        reasons = [str(reason) for reason in self.reasons]
        given = [str(reason) for reason in words.get("reasons") or ()]
        return Wording(
            language,
            text_of("question"),
            text_of("comment_label"),
            text_of("low_label"),
            text_of("high_label"),
            tuple((key, *given[number : number + 1])[-1] for number, key in enumerate(reasons)),
            tuple(reasons),
        )


@dataclass(frozen=True)
class Wording:
    """A question in one language. `reasons` are said in it, `reason_keys` are what is stored."""

    language: str
    question: str
    comment_label: str
    low_label: str
    high_label: str
    reasons: tuple[str, ...]
    reason_keys: tuple[str, ...]
