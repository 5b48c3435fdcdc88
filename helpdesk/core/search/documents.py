"""What is looked through, and what is asked."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, Connection, Select
from sqlalchemy.orm import InstrumentedAttribute

SHORTEST_START = 3
"""Letters that the beginning of a word needs to be looked for as such."""
MOST_LOOKED_AT = 20_000
"""Matches that further conditions are tried on, newest first."""

Ids = Select[int]
IdColumn = InstrumentedAttribute[int]
Split = Callable[[str], Sequence[str]]


@dataclass(frozen=True)
class Document:
    """What is known of one thing. `title` weighs most; `noted` is not for everybody."""

    id: int
    title: str = ""
    people: str = ""
    said: Sequence[str] = ()
    """Newest first: what does not fit is the oldest."""
    noted: Sequence[str] = ()


@dataclass(frozen=True)
class Word:
    """A word, or several in this order; of the last one perhaps only the beginning."""

    parts: tuple[str, ...]
    begins: bool = False

    @property
    def is_open(self) -> bool:
        """Whether it is looked for by its beginning."""
        return self.begins and len(self.parts[-1]) >= SHORTEST_START


@dataclass(frozen=True)
class Query:
    """Words that must all stand in a document, and some that must not: anywhere, only in what
    everybody may read, or only in the title."""

    words: tuple[Word, ...]
    fields: str = "all"
    without: tuple[Word, ...] = ()

    @property
    def in_title(self) -> "Query":
        """The same words, looked for in titles alone."""
        return replace(self, fields="title", without=())

    @property
    def whole(self) -> "Query":
        """The same with every word taken as it is."""
        return replace(self, words=tuple(Word(word.parts) for word in self.words))

    @property
    def has_beginning(self) -> bool:
        """Whether a word in it is looked for by its beginning."""
        return any(word.is_open for word in self.words)

    @property
    def is_address(self) -> bool:
        """Whether it is one run of three words or more, as an address is."""
        return len(self.words) == 1 and len(self.words[0].parts) > 2

    @property
    def phrase(self) -> "Query":
        """All its words in their order as one."""
        parts = tuple(part for word in self.words for part in word.parts)
        return replace(self, words=(Word(parts, self.words[-1].begins),), without=())


class Index(ABC):
    """Documents that can be found by their words. `name` is the table that holds them."""

    def __init__(self, name: str) -> None:
        self.name = name

    @abstractmethod
    def create(self, connection: Connection) -> None:
        """Make what holds the documents."""

    @abstractmethod
    def put(self, documents: Iterable[Document]) -> None:
        """Write documents in the current transaction, in place of older ones."""

    @abstractmethod
    def drop(self, ids: Sequence[int]) -> None:
        """Forget documents."""

    @abstractmethod
    def ids(self, query: Query) -> Ids:
        """Ids of what matches, as a statement: at least the newest `MOST_LOOKED_AT`."""

    @abstractmethod
    def holds(self, query: Query, id_: IdColumn) -> ColumnElement[bool]:
        """Whether the document with this id matches; for statements that look at few of them."""

    @abstractmethod
    def newest(
        self,
        query: Query,
        id_: IdColumn,
        conditions: Sequence[ColumnElement[bool]],
        limit: int,
        below: int | None = None,
    ) -> list[int]:
        """The newest ids, newest first and below a number, of what matches and fulfils conditions
        on the table of `id_`. Of what many match, the newest `MOST_LOOKED_AT` are looked at."""

    @abstractmethod
    def among(self, query: Query, ids: Sequence[int]) -> set[int]:
        """Those of some ids that match."""
