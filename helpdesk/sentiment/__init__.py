"""The tone of a text: text in, score out. Knows nothing of tickets, surveys or customers."""

from helpdesk.sentiment.layer import PLAIN, Layer
from helpdesk.sentiment.scoring import NEUTRAL_BAND, Label, Score
from helpdesk.sentiment.signals import signals

__all__ = ["NEUTRAL_BAND", "PLAIN", "Label", "Layer", "Score", "load", "score", "signals"]


def load() -> None:
    """Read all words and models now, which takes half a second: whoever forks processes does so
    before, or each of them would."""
    words = "Thank you for the quick answer, please cancel my account."
    score(words)
    signals(words)


def score(text: str, layer: Layer = PLAIN) -> Score:
    """The tone of what a customer wrote, quotes, signatures, code and logs left out.

    `layer` is what was fitted on the company's own labels.

    Raises nothing on any text. TextBlob is imported by the first call, so that the web
    processes, which only show scores, never load it.
    """
    from helpdesk.sentiment.analyzer import analyzer

    return analyzer(layer).analyze(text)
