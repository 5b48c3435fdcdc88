"""The tone of a text: text in, score out. Knows nothing of tickets, surveys or customers."""

from helpdesk.sentiment.scoring import NEUTRAL_BAND, Label, Score
from helpdesk.sentiment.signals import signals

__all__ = ["NEUTRAL_BAND", "Label", "Score", "score", "signals"]


def score(text: str) -> Score:
    """The tone of what a customer wrote, quotes, signatures, code and logs left out.

    Raises nothing on any text. TextBlob is imported by the first call, so that the web
    processes, which only show scores, never load it.
    """
    from helpdesk.sentiment.analyzer import analyzer

    return analyzer().analyze(text)
