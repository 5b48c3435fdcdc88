"""What is kept of a score, beside the text it was made of."""

from datetime import datetime
from typing import Any

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk import sentiment
from helpdesk.core.db import Id, Model, session
from helpdesk.sentiment.layer import PLAIN, Layer, restored
from helpdesk.sentiment.scoring import Score


class Scored:
    """Columns for a row whose text is scored by a job."""

    polarity: Mapped[float | None]
    """−1 to 1; NULL where the text could not be scored."""
    sentiment_label: Mapped[str | None] = mapped_column(String(12))
    corrected_label: Mapped[str | None] = mapped_column(String(12))
    """What a person says the label is. It holds whatever the analyser says later."""
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
        self.keep(sentiment.score(text, layer_in_use()), at)
        self.signals = sorted(sentiment.signals(text))

    def keep(self, score: Score, at: datetime) -> None:
        """Keep a score; a corrected label stands."""
        self.polarity = score.polarity if score.label != "not_scored" else None
        self.sentiment_label, self.sentiment_why = score.label, score.why or None
        self.coverage, self.analyzer = score.coverage, score.analyzer
        self.phrases = [list(phrase) for phrase in score.phrases]
        self.scored_at = at
        if self.corrected_label:
            self.correct(self.corrected_label)

    def correct(self, label: str) -> None:
        """A person says what the tone is; the polarity becomes one that fits the label."""
        self.corrected_label = self.sentiment_label = label
        polarity = self.polarity or 0.0
        fits = {"negative": min(polarity, -0.5), "neutral": 0.0, "positive": max(polarity, 0.5)}
        self.polarity, self.sentiment_why = fits[label], None

    def forget_tone(self) -> None:
        """The text changed: what was read in it no longer holds."""
        self.polarity = self.coverage = self.scored_at = None
        self.sentiment_label = self.sentiment_why = self.analyzer = None
        self.corrected_label = None
        self.phrases = self.signals = None


class LocalLayer(Model):
    """What was fitted on the company's own labels. The newest that is not retired is in use."""

    __tablename__ = "sentiment_layer"
    id: Mapped[Id]
    made_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]
    layer: Mapped[dict[str, Any]]
    fitted: Mapped[int]
    """Labelled texts it was fitted on."""
    macro_f1_before: Mapped[float]
    macro_f1_after: Mapped[float]
    """On the texts held out."""


class Rereading(Model):
    """Scoring everything again after the analyser changed, as far as it has come."""

    __tablename__ = "sentiment_rereading"
    id: Mapped[Id]
    what: Mapped[str] = mapped_column(String(10), default="messages", server_default="messages")
    """Which texts: "messages" or "comments"."""
    analyzer: Mapped[str]
    """The version that everything shall have."""
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    last_id: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int]


def layer_in_use() -> Layer:
    """The layer that texts are scored with."""
    newest = select(LocalLayer.layer).where(LocalLayer.retired_at.is_(None))
    values = session.scalar(newest.order_by(LocalLayer.id.desc()).limit(1))
    return restored(values) if values else PLAIN
