"""Whether a sentence asks for information, which is no complaint."""

import re

from helpdesk.sentiment.words import Sentence

_STARTER = re.compile(
    r"how|where|which|what|who|when|whom|whose"
    r"|can|could|may|should|do|does|did|is|are|will|would|shall|has|have|am"
)
_BEFORE_A_STARTER = re.compile(r"and|so|but|please|hello|hi|also|then|or|to|know|me")
_ASKS_WITHOUT_MARK = re.compile(
    r"(?:(?:hello|hi|dear|please|team|and|also) ){0,3}"
    r"(?:how (?:do|can|to|would)|where (?:can|do|is|are)|can (?:i|we|you)|could you"
    r"|(?:please )?(?:tell|let) me know|tell me (?:how|where|what|which|if)|what is the"
    r"|(?:i|we) (?:would|should) like to know|(?:i|we) (?:was|were|am|are) wondering|i wonder)\b"
)
# Questions in form alone: nobody wants to know how long it takes.
_INDIGNANT = re.compile(
    r"\b(?:why|how long (?:do|must|should|will|am|are)|how much longer|how many (?:more )?times"
    r"|how (?:can|could|is) (?:you|this|it|that|anyone)|how dare|what is wrong with you"
    r"|what (?:kind|sort) of|is (?:this|that|it) (?:really )?(?:acceptable|how|your|normal|some|a)"
    r"|are you (?:even|really|kidding|joking|serious)|do you (?:even|really|think|call)"
    r"|does (?:anyone|anybody|someone|nobody)|seriously|finally|at last|still)\b"
)
_LOOK_AT = 60


def inquiry_start(sentence: Sentence) -> int | None:
    """The number of the word from which a sentence asks for information, None if it does not."""
    words = [word.text for word in sentence.words[:_LOOK_AT]]
    written = " ".join(words)
    if _INDIGNANT.search(written):
        return None
    if not sentence.is_question:
        return 0 if _ASKS_WITHOUT_MARK.match(written) else None
    for number, word in enumerate(words):
        if _STARTER.fullmatch(word) and _may_start(sentence, number):
            return number
    return None


def _may_start(sentence: Sentence, number: int) -> bool:
    """A question starts at the beginning, after a pause, or after words like "and"."""
    if number == 0:
        return True
    before, here = sentence.words[number - 1], sentence.words[number]
    return before.clause != here.clause or bool(_BEFORE_A_STARTER.fullmatch(before.text))
