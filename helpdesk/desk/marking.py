"""Showing where the words stand that somebody looked for."""

from collections.abc import Sequence
from functools import lru_cache, reduce
from typing import NamedTuple

from markupsafe import Markup, escape
from sqlalchemy import Select, String, bindparam, case, func, or_, select

from helpdesk.core.db import ask, session
from helpdesk.core.search import Query
from helpdesk.core.text import one_line
from helpdesk.core.words import marked_places
from helpdesk.desk.queue import Line
from helpdesk.tickets.models import Message

AROUND = 500
"""Characters that are fetched around the first word found."""
BEFORE, SHOWN = 20, 170
"""Characters that are shown before it, and in all."""
_MOST_WORDS = 6


class Wanted(NamedTuple):
    """The words to mark, and the beginning of one."""

    words: frozenset[str]
    start: str


def marked(lines: Sequence[Line], query: Query) -> list[Line]:
    """The lines with the words of a query marked in their subject, and in place of the start of
    the last message a piece of the newest one that holds one of them."""
    parts = [part for word in query.words for part in word.parts]
    start = parts[-1] if query.words[-1].is_open else ""
    wanted = Wanted(frozenset(parts), start)
    pieces = _pieces([line.ticket[0] for line in lines], parts)
    return [_marked(line, wanted, pieces) for line in lines]


def _marked(line: Line, wanted: Wanted, pieces: dict[int, str]) -> Line:
    number, subject, snippet, *rest = line.ticket
    piece = _cut(one_line(pieces.get(number, snippet)), wanted)
    return line._replace(ticket=(number, mark(subject, wanted), mark(piece, wanted), *rest))


def mark(text: str, wanted: Wanted) -> Markup:
    """The text as HTML, wanted words in `<mark>`."""
    drawn, at = Markup(""), 0
    for start, end in marked_places(text, wanted.words, wanted.start):
        drawn += escape(text[at:start]) + Markup("<mark>{}</mark>").format(text[start:end])
        at = end
    return drawn + escape(text[at:])


def _cut(text: str, wanted: Wanted) -> str:
    places = marked_places(text, wanted.words, wanted.start)
    start = max(places[0][0] - BEFORE, 0) if places else 0
    if start:
        start = text.find(" ", start, places[0][0]) + 1 or start
    cut = text[start : start + SHOWN]
    return f"{'… ' * bool(start)}{cut}{'…' * (start + SHOWN < len(text))}"


def _pieces(numbers: Sequence[int], words: Sequence[str]) -> dict[int, str]:
    """Of each ticket, what stands around a word in the newest message that holds one. Letters with
    accents are found by the index alone; then the line keeps its snippet."""
    if not numbers:
        return {}
    looked_for = words[:_MOST_WORDS]
    given = {f"word_{n}": word for n, word in enumerate(looked_for)}
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    rows = ask(_pieces_of(tuple(given), is_sqlite), {"tickets": list(numbers), **given})
    return {row[0]: row[1] for row in rows}


@lru_cache
def _pieces_of(names: tuple[str, ...], is_sqlite: bool) -> Select[int, str]:
    """Put together once for each number of words; `names` are those of parameters."""
    find = func.instr if is_sqlite else func.strpos
    places = [find(func.lower(Message.body), bindparam(name, type_=String)) for name in names]
    first = reduce(lambda rest, place: case((place > 0, place), else_=rest), reversed(places))
    newest = func.row_number().over(partition_by=Message.ticket_id, order_by=Message.id.desc())
    begin = case((first > AROUND // 4, first - AROUND // 4), else_=1)
    in_these = Message.ticket_id.in_(bindparam("tickets", expanding=True))
    found = (
        select(
            Message.ticket_id,
            func.substr(Message.body, begin, AROUND).label("piece"),
            newest.label("place"),
        )
        .where(in_these, or_(*(place > 0 for place in places)))
        .subquery()
    )
    return select(found.c.ticket_id, found.c.piece).where(found.c.place == 1)
