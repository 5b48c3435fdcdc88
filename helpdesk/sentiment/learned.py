"""What was learned from labelled texts: the weights of words and of pairs of words.

`phrases/learned.txt` is written by `tools/train_sentiment.py` and can be read by eye. Under a
heading each line is a weight and everything that has it; weights are in hundredths of the unit
that the hand-written phrases use.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "phrases" / "learned.txt"
UNIT = 100
LEXICONS = ("textblob", "vader", "opinion")
HEADINGS = ("lexicons", "words", "negated", "pairs")


@dataclass(slots=True)
class Learned:
    """Weights to add up, about -4 to 4.

    lexicons: what one point of each general lexicon counts.
    words: what a word adds to what the lexicons say of it.
    negated: what a word adds when it is negated.
    pairs: by first and second word, what the two add together.
    """

    lexicons: dict[str, float] = field(default_factory=dict)
    words: dict[str, float] = field(default_factory=dict)
    negated: dict[str, float] = field(default_factory=dict)
    pairs: dict[str, dict[str, float]] = field(default_factory=dict)


@cache
def learned() -> Learned:
    """The weights that ship with this version."""
    return read(FILE.read_text(encoding="utf-8"))


def read(text: str) -> Learned:
    """The weights in a file as `written` makes it. Raises ValueError on any other."""
    tables: dict[str, dict[str, float]] = {heading: {} for heading in HEADINGS}
    for heading, weight, names in _lines(text):
        tables[heading].update(dict.fromkeys(names, weight))
    pairs: dict[str, dict[str, float]] = {}
    for pair, weight in tables["pairs"].items():
        first, _, second = pair.partition("_")
        pairs.setdefault(first, {})[second] = weight
    return Learned(tables["lexicons"], tables["words"], tables["negated"], pairs)


def _lines(text: str) -> Iterator[tuple[str, float, list[str]]]:
    heading = ""
    for line in text.splitlines():
        if line.startswith("["):
            heading = line.strip("[] ")
        elif line and not line.startswith("# "):
            weight, *names = line.split()
            yield heading, int(weight) / UNIT, names


def written(tables: Mapping[str, Mapping[str, int]], title: str) -> str:
    """Weights in hundredths by heading as the text of a file, `title` as its first comment."""
    lines = [f"# {line}" for line in title.splitlines()]
    for heading in HEADINGS:
        by_weight: dict[int, list[str]] = {}
        for name, weight in sorted(tables[heading].items()):
            by_weight.setdefault(weight, []).append(name)
        lines += ["", f"[{heading}]"]
        lines += [f"{weight} {' '.join(by_weight[weight])}" for weight in sorted(by_weight)]
    return "\n".join(lines) + "\n"
