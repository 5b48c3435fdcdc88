"""What somebody wrote, and what their mail program quoted below it."""

import re

_ATTRIBUTION = re.compile(r"\S.{0,200}:\s*$")
WORTH_FOLDING = 2
"""Lines; a single quoted line is quicker read than unfolded."""


def split_quote(body: str) -> tuple[str, str]:
    """The text and the quoted end of it, either may be empty.

    Only an end of lines that start with ">" is folded, with the line above that says who wrote it.
    Where an unquoted line follows, everything is text: nothing that somebody wrote is hidden.
    """
    lines = body.split("\n")
    start = len(lines)
    while start and (not lines[start - 1].strip() or lines[start - 1].startswith(">")):
        start -= 1
    quoted = sum(line.startswith(">") for line in lines[start:])
    if quoted < WORTH_FOLDING:
        return body, ""
    if start and _ATTRIBUTION.fullmatch(lines[start - 1].strip()):
        start -= 1
    return "\n".join(lines[:start]).rstrip(), "\n".join(lines[start:]).strip("\n")
