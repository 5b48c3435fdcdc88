"""Text whose paragraphs flow (RFC 3676): lines that end in a space go on in the next."""

MOST_LINES = 50_000


def unwrapped(text: str, *, delete_space: bool = False) -> str:
    """One line for each paragraph; `delete_space` is DelSp=yes. Quoted lines begin with "> ".

    A text of more lines than anybody writes stays as it is.
    """
    if text.count("\n") > MOST_LINES:
        return text
    paragraphs: list[list[str]] = []
    open_depth = -1
    for line in text.split("\n"):
        stripped = line.lstrip(">")
        depth = len(line) - len(stripped)
        words = stripped.removeprefix(" ")
        flows = words.endswith(" ") and words != "-- "
        if depth != open_depth or words == "-- ":
            paragraphs.append([_quoted(depth)])
        paragraphs[-1].append(words[:-1] if flows and delete_space else words)
        open_depth = depth if flows else -1
    return "\n".join("".join(pieces) for pieces in paragraphs)


def _quoted(depth: int) -> str:
    return ">" * depth + " " if depth else ""
