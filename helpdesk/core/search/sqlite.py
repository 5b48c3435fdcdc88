"""Documents in an FTS5 table of SQLite.

The table holds the folded words beside the index, because FTS5 must be told what stood in a
document to forget it. Beginnings of three letters have an index of their own; a query never ranks
by bm25, which counts every document that holds a word.
"""

from collections.abc import Iterable, Sequence

from sqlalchemy import (
    ColumnElement,
    Connection,
    column,
    exists,
    literal_column,
    select,
    table,
    text,
)

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

COLUMNS = ("title", "people", "said", "noted")
_FIELDS = {"all": "", "public": "{title people said} : ", "title": "{title} : "}
MOST_WORDS = 100_000
"""Words of one field that are kept."""
_BREAK = " ¶ "
"""Between two texts of a field, so that no exact words reach from one into the next."""


class SQLiteIndex(Index):
    """Its table's row ids are the ids of the documents."""

    def create(self, connection: Connection) -> None:
        columns = ", ".join(COLUMNS)
        connection.execute(
            text(
                f'CREATE VIRTUAL TABLE IF NOT EXISTS "{self.name}" USING fts5('
                f"{columns}, tokenize='ascii', prefix='3', columnsize=0)"
            )
        )

    def put(self, documents: Iterable[Document]) -> None:
        if rows := list(map(row_of, documents)):
            session.connection().exec_driver_sql(self.insert, rows)

    @property
    def insert(self) -> str:
        """The statement that writes a row of `row_of`."""
        return (
            f'INSERT OR REPLACE INTO "{self.name}" (rowid, {", ".join(COLUMNS)})'  # noqa: S608 - a table of ours
            " VALUES (?, ?, ?, ?, ?)"
        )

    def drop(self, ids: Sequence[int]) -> None:
        statement = f'DELETE FROM "{self.name}" WHERE rowid = ?'  # noqa: S608 - a table of ours
        if ids:
            session.connection().exec_driver_sql(statement, [(id_,) for id_ in ids])

    def ids(self, query: Query) -> Ids:
        # The planner would flatten a plain statement into a join and lose the order of the index.
        newest = self._matches(query).order_by(self._id.desc()).limit(MOST_LOOKED_AT).subquery()
        return select(newest.c[0])

    def holds(self, query: Query, id_: IdColumn) -> ColumnElement[bool]:
        return exists(self._matches(query).where(self._id == id_).correlate(id_.table))

    def newest(
        self,
        query: Query,
        id_: IdColumn,
        conditions: Sequence[ColumnElement[bool]],
        limit: int,
        below: int | None = None,
    ) -> list[int]:
        matches = self._matches(query)
        if below is not None:
            matches = matches.where(self._id < below)
        hits = matches.order_by(self._id.desc()).limit(MOST_LOOKED_AT).subquery("hits")
        statement = select(id_).join_from(hits, id_.table, id_ == hits.c[0]).where(*conditions)
        return [row[0] for row in ask(statement.order_by(hits.c[0].desc()).limit(limit))]

    def among(self, query: Query, ids: Sequence[int]) -> set[int]:
        if not ids:
            return set()
        lowest, highest = min(ids), max(ids)
        found = self._matches(query).where(self._id.between(lowest, highest))
        chosen = set(ids)
        return {
            row[0] for row in ask(found.order_by(self._id.desc()).limit(MOST_LOOKED_AT))
        } & chosen

    @property
    def _id(self) -> ColumnElement[int]:
        return literal_column(f'"{self.name}".rowid')

    def _matches(self, query: Query) -> Ids:
        told = literal_column(f'"{self.name}"').op("MATCH", is_comparison=True)(expression(query))
        return (
            select(self._id.label("id")).select_from(table(self.name, column("rowid"))).where(told)
        )


def row_of(document: Document, split: Split = words_in) -> tuple[int, str, str, str, str]:
    """A document as a row of the table; `split` gives the words of a text."""
    return (
        document.id,
        _folded([document.title], split),
        _folded([document.people], split),
        _folded(document.said, split),
        _folded(document.noted, split),
    )


def _folded(texts: Sequence[str], split: Split) -> str:
    left, kept = MOST_WORDS, []
    for one in texts:
        words = split(one)[:left]
        left -= len(words)
        kept.append(" ".join(words))
    return _BREAK.join(kept)


def expression(query: Query) -> str:
    """What FTS5 is asked. Words are letters and digits alone, and each stands in quotes, so nothing
    in them means anything to it."""
    words = " AND ".join(map(_word, query.words))
    for word in query.without:
        words = f"({words}) NOT {_word(word)}"
    return f"{_FIELDS[query.fields]}({words})"


def _word(word: Word) -> str:
    return f'"{" ".join(word.parts)}"{" *" if word.is_open else ""}'
