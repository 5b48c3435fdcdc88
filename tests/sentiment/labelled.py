"""Support messages with the label that a person would give them, and how well a reader does."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

LABELS = ("negative", "neutral", "positive")


@dataclass(frozen=True)
class Message:
    label: str
    kind: str
    text: str


def support_messages() -> list[Message]:
    lines = (Path(__file__).parent / "support_messages.txt").read_text(encoding="utf-8")
    return [_message(line) for line in lines.splitlines() if line and not line.startswith("#")]


def _message(line: str) -> Message:
    label, kind, text = (part.strip() for part in line.split("|", 2))
    return Message(label, kind, text.replace("\\n", "\n"))


def accuracy(messages: Sequence[Message], label_of: Callable[[str], str]) -> float:
    return sum(label_of(message.text) == message.label for message in messages) / len(messages)


def macro_f1(messages: Sequence[Message], label_of: Callable[[str], str]) -> float:
    """The mean of the three labels' F1 = 2TP / (2TP + FP + FN)."""
    given = [(message.label, label_of(message.text)) for message in messages]
    return sum(_f1(given, label) for label in LABELS) / len(LABELS)


def _f1(given: Sequence[tuple[str, str]], label: str) -> float:
    hits = sum(true == said == label for true, said in given)
    mentions = sum((true == label) + (said == label) for true, said in given)
    return 2 * hits / mentions if mentions else 0.0
