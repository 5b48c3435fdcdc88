#!/usr/bin/env python3
"""Measure the tone analyser beside plain TextBlob and VADER: quality and speed, in one run."""

import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from textblob import TextBlob
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from helpdesk.sentiment import score
from helpdesk.sentiment.measuring import auc, confusion, macro_f1
from helpdesk.sentiment.scoring import label_of
from tests.sentiment.labelled import Message, support_messages

Read = Callable[[str], float]
TIMES = 5


def main() -> None:
    messages = support_messages()
    vader = SentimentIntensityAnalyzer()
    readers: dict[str, Read] = {
        "TextBlob": lambda text: TextBlob(text).sentiment.polarity,
        "VADER": lambda text: vader.polarity_scores(text)["compound"],
        "ours": lambda text: score(text).polarity,
    }
    print(f"{len(messages)} support messages of tests/sentiment")
    print(f"{'':10}{'macro-F1':>10}{'AUC +/-':>10}{'AUC -/rest':>12}{'a second':>10}")
    speeds = {}
    for name, read in readers.items():
        speeds[name] = _speed(read, messages)
        print(f"{name:10}{_quality(read, messages)}{speeds[name]:>10,.0f}")
    print(
        f"ours reads {speeds['ours'] / speeds['TextBlob']:.2f} times as many a second as TextBlob"
    )


def _quality(read: Read, messages: Sequence[Message]) -> str:
    given = [(message.label, read(message.text)) for message in messages]
    by = {label: [p for true, p in given if true == label] for label, _ in given}
    table = confusion((true, label_of(polarity)) for true, polarity in given)
    negative, rest = by["negative"], by["positive"] + by["neutral"]
    areas = auc(by["positive"], negative), auc(rest, negative)
    return f"{macro_f1(table):>10.3f}{areas[0]:>10.3f}{areas[1]:>12.3f}"


def _speed(read: Read, messages: Sequence[Message]) -> float:
    """Texts a second of processor time, the best of several rounds."""
    read("warm")
    best = 0.0
    for _ in range(TIMES):
        started = time.process_time()
        for message in messages:
            read(message.text)
        best = max(best, len(messages) / (time.process_time() - started))
    return best


if __name__ == "__main__":
    main()
