"""Text as it comes from people."""

import re

# Everything below space but tab and newline, DEL, and lone surrogates (PostgreSQL takes neither
# NUL nor surrogates).
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_LINE_BREAKS = re.compile(r"[\s\u2028\u2029\x85]+")


def clean(text: str) -> str:
    """Multi-line text: line breaks made LF, control characters out, outer white space off."""
    return _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def one_line(text: str, limit: int = 0) -> str:
    """Text on a single line, so that it can stand in a subject, a name or a header.

    `limit` in characters, 0 for none; a cut text ends in an ellipsis.
    """
    line = _UNPRINTABLE.sub("", _LINE_BREAKS.sub(" ", text)).strip()
    return line if not limit or len(line) <= limit else line[: limit - 1].rstrip() + "…"
