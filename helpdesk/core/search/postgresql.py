"""Documents as `tsvector` in a table of PostgreSQL, behind a GIN index.

Words are told as they are, without a dictionary. A common word's matches cannot be had newest first
from a GIN index, so each document also holds the number of its block of ids: a question is asked of
the newest blocks first, and of all of them only where those did not hold enough.
"""

from collections.abc import Iterable, Sequence
from time import monotonic

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    CompoundSelect,
    Connection,
    any_,
    cast,
    column,
    exists,
    func,
    select,
    table,
    text,
)
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR

from helpdesk.core.db import ask, session
from helpdesk.core.search.documents import (
    MOST_LOOKED_AT,
    Document,
    IdColumn,
    Ids,
    Index,
    Query,
    Split,
    Word,
)
from helpdesk.core.words import words_in

BLOCK = 4096
_REMEMBERED = 5.0
"""Seconds for which the highest id is not asked for again."""
_STEPS = (8, 64)
"""Of how many blocks a question is asked before it is asked of all. What is rare in them is
asked of all at once."""
MOST_BYTES = 500_000
"""Bytes of different words in a document; a tsvector takes a megabyte with the places."""
MOST_PLACES = 200
"""Places of one word in one document; a tsvector takes 255."""
LAST_PLACE = 16_383
_FIELDS = {"all": "", "public": "ABC", "title": "A"}


class PostgreSQLIndex(Index):
    """`words` of a document, its id in `id`."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._known, self._known_until = 0, 0.0
        self._rows = table(name, column("id", BigInteger), column("words", TSVECTOR))

    def create(self, connection: Connection) -> None:
        connection.execute(
            text(
                f'CREATE TABLE IF NOT EXISTS "{self.name}" (id bigint PRIMARY KEY, words tsvector)'
            )
        )
        self.create_index(connection)

    def create_index(self, connection: Connection) -> None:
        """Make the index over the words, which mass loading makes last."""
        connection.execute(
            text(
                f'CREATE INDEX IF NOT EXISTS "ix_{self.name}_words" ON "{self.name}"'
                " USING gin (words) WITH (gin_pending_list_limit = 256)"
            )
        )

    def drop_index(self, connection: Connection) -> None:
        """Take the index over the words off, for mass loading."""
        connection.execute(text(f'DROP INDEX IF EXISTS "ix_{self.name}_words"'))

    def put(self, documents: Iterable[Document]) -> None:
        statement = text(
            f'INSERT INTO "{self.name}" (id, words) VALUES (:id, CAST(:words AS tsvector))'  # noqa: S608 - a table of ours
            " ON CONFLICT (id) DO UPDATE SET words = excluded.words"
        )
        rows = [{"id": one.id, "words": vector(one)} for one in documents]
        if rows:
            session.connection().execute(statement, rows)

    def drop(self, ids: Sequence[int]) -> None:
        if ids:
            session.connection().execute(
                text(f'DELETE FROM "{self.name}" WHERE id = ANY(:ids)'),  # noqa: S608 - a table of ours
                {"ids": list(ids)},
            )

    def ids(self, query: Query) -> Ids:
        return select(self._id).where(self._match(expression(query)))

    def holds(self, query: Query, id_: IdColumn) -> ColumnElement[bool]:
        found = self.ids(query).where(self._id == id_)
        return exists(found.correlate(id_.table))

    def newest(
        self,
        query: Query,
        id_: IdColumn,
        conditions: Sequence[ColumnElement[bool]],
        limit: int,
        below: int | None = None,
    ) -> list[int]:
        blocks = (self._highest() if below is None else below) // BLOCK + 1
        for step in _STEPS:
            if step < blocks:
                few = MOST_LOOKED_AT * step // blocks
                recent = self._hits(
                    f"{expression(query)} & ({_newest_blocks(step, blocks)})", below
                )
                known = recent.cte("recent").prefix_with("MATERIALIZED")
                number = select(func.count()).select_from(known).scalar_subquery()
                # As rare as this in all blocks, the older ones are looked at in the same question.
                older = self._hits(expression(query), (blocks - step) * BLOCK).where(number < few)
                hits = select(known.c.id).union_all(older)
                found, many = ask(select(_newest_of(hits, id_, conditions, limit), number)).one()
                if len(found) >= limit or not few <= many < MOST_LOOKED_AT:
                    return list(found)
        every = self._hits(expression(query), below)
        return list(ask(select(_newest_of(every, id_, conditions, limit))).scalar_one())

    def _hits(self, asked: str, below: int | None) -> Ids:
        hits = select(self._id).where(self._match(asked))
        return hits if below is None else hits.where(self._id < below)

    def _highest(self) -> int:
        """The highest id, as it was some seconds ago; it says where to begin, and no more."""
        if monotonic() > self._known_until:
            highest = session.connection().scalar(select(func.max(self._id)))
            self._known, self._known_until = int(highest or 0), monotonic() + _REMEMBERED
        return self._known

    def among(self, query: Query, ids: Sequence[int]) -> set[int]:
        if not ids:
            return set()
        # Materialized, or the index is asked for every document that matches.
        chosen = self._rows.c.id == any_(cast(list(ids), ARRAY(BigInteger)))
        some = select(self._rows).where(chosen).cte("some").prefix_with("MATERIALIZED")
        matches = some.c.words.bool_op("@@")(cast(expression(query), TSQUERY))
        return {row[0] for row in ask(select(some.c.id).where(matches))}

    @property
    def _id(self) -> ColumnElement[int]:
        return self._rows.c.id

    def _match(self, asked: str) -> ColumnElement[bool]:
        return self._rows.c.words.bool_op("@@")(cast(asked, TSQUERY))


def _newest_blocks(number: int, blocks: int) -> str:
    """What a document of one of the newest blocks holds."""
    return " | ".join(f"'b~{n}'" for n in range(blocks - number, blocks + 1))


def _newest_of(
    hits: Ids | CompoundSelect[int],
    id_: IdColumn,
    conditions: Sequence[ColumnElement[bool]],
    limit: int,
) -> ColumnElement[list[int]]:
    """The newest of these that fulfil conditions, as an array."""
    # Materialized, or the planner walks the primary key backwards, looking at every row.
    found = hits.cte("hits").prefix_with("MATERIALIZED")
    looked_at = select(found.c.id).order_by(found.c.id.desc()).limit(MOST_LOOKED_AT).subquery()
    ids = select(id_).join(looked_at, id_ == looked_at.c.id).where(*conditions)
    return func.array(ids.order_by(id_.desc()).limit(limit).scalar_subquery())


def expression(query: Query) -> str:
    """What PostgreSQL is asked. Words are letters and digits alone, and each stands in quotes, so
    nothing in them means anything to it."""
    weights = _FIELDS[query.fields]
    wanted = [_word(word, weights) for word in query.words]
    return " & ".join([*wanted, *(f"!{_word(word, weights)}" for word in query.without)])


def _word(word: Word, weights: str) -> str:
    marks = [weights] * len(word.parts)
    if word.is_open:
        marks[-1] += "*"
    parts = [
        f"'{part}'" + (f":{mark}" * bool(mark))
        for part, mark in zip(word.parts, marks, strict=True)
    ]
    return f"({' <-> '.join(parts)})"


def vector(document: Document, split: Split = words_in) -> str:
    """A document as the text of a tsvector: each word with its places and weights; `split` gives
    the words of a text."""
    places: dict[str, list[str]] = {}
    at, left = 1, MOST_BYTES
    fields = (("A", [document.title]), ("B", [document.people]))
    for weight, texts in (*fields, ("C", document.said), ("D", document.noted)):
        for one in texts:
            for word in split(one):
                if (known := places.get(word)) is None:
                    if (left := left - len(word.encode()) - 4) < 0:
                        continue
                    known = places[word] = []
                if len(known) < MOST_PLACES:
                    known.append(f"{min(at, LAST_PLACE)}{weight}")
                at += 1
            at += 1  # no exact words reach from one text into the next
    words = [f"'{word}':{','.join(where)}" for word, where in places.items()]
    return " ".join((f"'b~{document.id // BLOCK}'", *words))
