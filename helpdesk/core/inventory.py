"""What lies on disk against what rows say. A column that names a stored file says so in its
`info`, with the column of the same table that holds its SHA-256, or None."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Column, Table, select

from helpdesk.core import files
from helpdesk.core.clock import now
from helpdesk.core.db import Model, session, transaction
from helpdesk.core.jobs import job

STORED_FILE = "stored_file"
"""The key in a column's `info`."""
YOUNG = timedelta(days=1)
"""A file of this age may belong to a row that is being written."""
_AT_ONCE = 500


@dataclass(frozen=True)
class Finding:
    """Something that is not as it should be: what, and which file."""

    what: str
    path: str


def take_stock(before: datetime) -> Iterator[Finding]:
    """Rows without their file, files whose bytes are not those that came, and files from `before`
    then without a row. Reads every file."""
    for table, path, sha256 in _columns():
        yield from _amiss(table, path, sha256)
    yield from (Finding("no row", name) for name in orphans(before))


def orphans(before: datetime) -> Iterator[str]:
    """Files older than that which no row names: a process died between file and row."""
    every = list(_on_disk(before))
    for start in range(0, len(every), _AT_ONCE):
        some = every[start : start + _AT_ONCE]
        named = {path for _, column, _ in _columns() for path in _named(column, some)}
        yield from (path for path in some if path not in named)


@job(queue="slow")
def sweep_files() -> None:
    """Delete what no row names. A name is drawn by lot and given once, so that nobody can come to
    name it meanwhile."""
    with transaction(write=False):
        found = list(orphans(now() - YOUNG))
    for path in found:
        files.remove(path)


def _columns() -> Iterator[tuple[Table, "Column[str]", "Column[str] | None"]]:
    """Each table with the column that names files and the one that holds their hashes."""
    for table in Model.metadata.sorted_tables:
        for column in table.columns:
            if STORED_FILE in column.info:
                sha256 = column.info[STORED_FILE]
                yield table, column, table.columns[sha256] if sha256 else None


def _amiss(table: Table, path: "Column[str]", sha256: "Column[str] | None") -> Iterator[Finding]:
    columns = [path] if sha256 is None else [path, sha256]
    rows = session.execute(select(*columns).where(path.is_not(None)).order_by(path))
    for name, *digests in rows.yield_per(_AT_ONCE):
        target = files.root() / name
        if not target.is_file():
            yield Finding(f"no file for a row of {table.name}", name)
        elif digests and _digest(target) != digests[0]:
            yield Finding(f"other bytes than a row of {table.name} says", name)


def _digest(target: Path) -> str:
    with target.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _named(column: "Column[str]", paths: list[str]) -> Iterator[str]:
    yield from session.scalars(select(column).where(column.in_(paths)))


def _on_disk(before: datetime) -> Iterator[str]:
    for target in sorted(files.root().glob("??/*")):
        try:
            old = target.stat().st_mtime < before.timestamp()
        except FileNotFoundError:  # swept, or its upload was refused
            continue
        if old:
            yield f"{target.parent.name}/{target.name}"
