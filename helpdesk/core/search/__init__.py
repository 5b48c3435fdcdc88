"""Full text: documents of a few fields, found by their words. One interface, two databases.

    index = index_of("ticket_text")
    index.put([Document(7, title="Charged twice", people="Rosa", said=["Our card …"])])
    index.newest(Query((Word(("charged",)),)), Ticket.id, [Ticket.is_open], limit=500)

SQLite keeps the documents in an FTS5 table, PostgreSQL in a `tsvector` behind a GIN index. Both are
told and asked the words of `core.words`, so they find the same. Documents are written in the
transaction of the change that they follow from.
"""

from functools import lru_cache

from sqlalchemy import Connection, event

from helpdesk.core.db import Model, session
from helpdesk.core.search.documents import Document, Index, Query, Word
from helpdesk.core.search.postgresql import PostgreSQLIndex
from helpdesk.core.search.sqlite import SQLiteIndex

__all__ = ["INDEXES", "Document", "Index", "Query", "Word", "declare", "index_for", "index_of"]

INDEXES: list[str] = []
"""Every index of the application; the migrations leave their tables alone."""


def declare(name: str) -> str:
    """Say that there is an index with that name, so that it is made with the tables."""
    INDEXES.append(name)

    @event.listens_for(Model.metadata, "after_create")
    def create(_metadata: object, connection: Connection, **_how: object) -> None:
        index_for(name, connection.dialect.name).create(connection)

    return name


def index_of(name: str) -> Index:
    """The index with that name in the database of the application."""
    return index_for(name, session.connection().dialect.name)


@lru_cache
def index_for(name: str, dialect: str) -> Index:
    """The index with that name in a database of that kind."""
    return (SQLiteIndex if dialect == "sqlite" else PostgreSQLIndex)(name)
