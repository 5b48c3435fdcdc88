"""Sentences and words of a text, each with its place in it."""

import re
from dataclasses import dataclass

_TOKEN = re.compile(
    r"(?P<word>[^\W\d_]+(?:['’][^\W\d_]+){0,3})"
    r"|(?P<number>\d+(?:st|nd|rd|th)?(?:/\d+)?)"
    r"|(?P<face>[:;=8]['o^-]{0,2}[)(DPp/\\|\]\[*]|<3|</3|\^_?\^|-_-|\(:|\):"
    r"|[☀-➿⭐⬆⬇\U0001f300-\U0001faff])"
    r"|(?P<end>[.!?…]+|\n)"
    r"|(?P<pause>[,;:()–—])"
)
_STRETCHED = re.compile(r"([a-z])\1{2,}")
_NOT = re.compile(
    r"(ca|wo|sha|do|does|did|is|are|was|were|has|have|had|would|could|should|must|need|ai)n'?t"
)
_WHOLE = {"ca": "can", "wo": "will", "sha": "shall", "ai": "is"}
_TAILS = {"m": "am", "re": "are", "ve": "have", "ll": "will", "d": "would"}
_BEFORE_IS = re.compile(r"it|that|what|there|here|he|she|who|how|where|(?:every|some|no)thing")
_NUMBER_WORD = re.compile(
    r"one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|fifty|hundred"
    r"|second|third|fourth|fifth|sixth|tenth|hundredth|several|many|multiple"
)
_SPELLINGS = {"cannot": ("can", "not"), "gonna": ("going", "to"), "noone": ("no", "one")}


@dataclass(frozen=True, slots=True)
class Word:
    """A word in lower case without contraction ("doesn't" is two words in one place)."""

    text: str
    start: int
    end: int
    clause: int
    loud: bool = False

    @property
    def is_number(self) -> bool:
        return is_number(self.text)


@dataclass(frozen=True, slots=True)
class Sentence:
    """The words up to a full stop, a question or exclamation mark, or the end of a line."""

    words: tuple[Word, ...]
    end: str

    @property
    def is_question(self) -> bool:
        return "?" in self.end


def is_number(word: str) -> bool:
    """Whether a word is a number, in digits or letters, or stands for one ("several")."""
    return word[0].isdigit() or bool(_NUMBER_WORD.fullmatch(word))


def sentences(text: str) -> list[Sentence]:
    """The sentences of a text that have words in them. Clauses are numbered at each pause."""
    found: list[Sentence] = []
    words: list[Word] = []
    clause = 0
    for token in _TOKEN.finditer(text):
        kind = token.lastgroup
        if kind == "end":
            if words and not _continues(text, token):
                found.append(Sentence(tuple(words), token[0]))
                words, clause = [], 0
        elif kind == "pause":
            clause += 1
        else:
            words.extend(_words(token, clause))
    return [*found, Sentence(tuple(words), "")] if words else found


def _continues(text: str, mark: re.Match[str]) -> bool:
    """Whether a mark stands inside a sentence: a wrapped line, "v2.1" or "e.g. this"."""
    if mark[0] == "\n":
        following = text[mark.end() : mark.end() + 1]
        return following.islower()
    return mark[0] == "." and text[mark.end() : mark.end() + 1].isalnum()


def _words(token: re.Match[str], clause: int) -> list[Word]:
    written = token[0]
    loud = len(written) > 2 and written.isupper()
    return [
        Word(text, token.start(), token.end(), clause, loud)
        for text in _plain(written.lower().replace("’", "'"))
    ]


def _plain(word: str) -> tuple[str, ...]:
    """The plain words behind a spelling: "can't" → can not, "soooo" → so, "I've" → i have."""
    if word in _SPELLINGS:
        return _SPELLINGS[word]
    if len(word) > 3 and _STRETCHED.search(word):
        word = _STRETCHED.sub(r"\1", word)
    if word.endswith("t") and (negated := _NOT.fullmatch(word)):
        stem = negated[1]
        return (_WHOLE.get(stem, stem), "not")
    head, apostrophe, tail = word.partition("'")
    if not apostrophe:
        return (word,)
    if tail == "s":
        return (head, "is") if _BEFORE_IS.fullmatch(head) else (head,)
    return (head, _TAILS[tail]) if tail in _TAILS else (word,)
