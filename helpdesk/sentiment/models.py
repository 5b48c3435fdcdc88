"""What is kept of a score, beside the text it was made of."""

from datetime import datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk import sentiment


class Scored:
    """Columns for a row whose text is scored by a job."""

    polarity: Mapped[float | None]
    """−1 to 1; NULL where the text could not be scored."""
    sentiment_label: Mapped[str | None] = mapped_column(String(12))
    sentiment_why: Mapped[str | None]
    """Why it could not be scored."""
    coverage: Mapped[float | None]
    phrases: Mapped[list[Any] | None]
    """What moved the score: [[phrase, signed share], …], strongest first."""
    signals: Mapped[list[Any] | None]
    """What the writer threatens: "cancellation", "escalation"."""
    analyzer: Mapped[str | None]
    scored_at: Mapped[datetime | None]

    @property
    def has_tone(self) -> bool:
        """Whether it was scored, and could be."""
        return self.polarity is not None

    def keep_tone_of(self, text: str, at: datetime) -> None:
        """Score `text` and keep what came out."""
        score = sentiment.score(text)
        self.polarity = score.polarity if score.label != "not_scored" else None
        self.sentiment_label, self.sentiment_why = score.label, score.why or None
        self.coverage, self.analyzer = score.coverage, score.analyzer
        self.phrases = [list(phrase) for phrase in score.phrases]
        self.signals = sorted(sentiment.signals(text))
        self.scored_at = at

    def forget_tone(self) -> None:
        """The text changed: what was read in it no longer holds."""
        self.polarity = self.coverage = self.scored_at = None
        self.sentiment_label = self.sentiment_why = self.analyzer = None
        self.phrases = self.signals = None
