"""`flask backup FOLDER`: everything that is kept, while people go on working.

The database is copied as it stood at one moment, and the files after it, so that no row of the copy
lacks its file. The folder has its name only when all of it is there.
"""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import click
from flask.cli import with_appcontext

from helpdesk.core import files
from helpdesk.core.clock import now
from helpdesk.core.db import db

RESTORING = """A backup of a helpdesk, begun at {begun:%Y-%m-%d %H:%M:%S} UTC.

To put it back: stop the helpdesk, then

{database}
- copy the folder files/ into the instance folder (INSTANCE_PATH),
- run `flask db upgrade` when the program is newer than the backup, and `flask files check`,
- start it with the SECRET_KEY of then, which signs the links in mails that were sent,
- erase again whom /admin/erasures listed since.
"""
SQLITE = """- put helpdesk.db in the place of the database, and delete what is called like it with
  -wal and -shm at the end,"""
POSTGRESQL = (
    """- make an empty database, and run `pg_restore --no-owner --dbname=ADDRESS helpdesk.dump`,"""
)


@click.command("backup")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@with_appcontext
def backup(folder: Path) -> None:
    """Copy database and files into a new FOLDER, without stopping anything."""
    if folder.exists() and any(folder.iterdir()):
        raise click.ClickException(f"{folder} is not empty. Name a folder that is not there yet.")
    unfinished = folder.with_name(f"{folder.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    begun = now()
    try:
        unfinished.mkdir(mode=0o700, parents=True)
        restoring = _copy_database(unfinished)
        count = _copy_files(unfinished / "files")
        words = RESTORING.format(begun=begun, database=restoring)
        (unfinished / "README.txt").write_text(words, encoding="utf-8")
        unfinished.replace(folder)
    except OSError as error:
        raise click.ClickException(f"Nothing was backed up: {error}.") from error
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    click.echo(
        f"{folder} holds the database and {count:,} files. Its README.txt says the way back."
    )


def _copy_database(folder: Path) -> str:
    """Copy it as it stands at one moment; how to put it back."""
    if db.engine.dialect.name == "sqlite":
        _copy_sqlite(Path(db.engine.url.database or ""), folder / "helpdesk.db")
        return SQLITE
    _dump_postgresql(folder / "helpdesk.dump")
    return POSTGRESQL


def _copy_sqlite(source: Path, target: Path) -> None:
    """In one step, under which others go on reading and writing."""
    with (
        closing(sqlite3.connect(f"{source.as_uri()}?mode=ro", uri=True, timeout=60)) as old,
        closing(sqlite3.connect(target)) as new,
    ):
        old.backup(new)
        (verdict,) = new.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != "ok":
        raise click.ClickException(f"The database is damaged, and so is its copy: {verdict}")


def _dump_postgresql(target: Path) -> None:
    """By PostgreSQL's own program, which takes a password from its environment alone."""
    program = shutil.which("pg_dump")
    if program is None:
        raise click.ClickException(
            "pg_dump is needed and was not found: install PostgreSQL’s tools."
        )
    url = db.engine.url.set(drivername="postgresql")
    address = url.set(password=None).render_as_string()
    secret = {"PGPASSWORD": url.password} if url.password else {}
    done = subprocess.run(
        [program, "--format=custom", f"--file={target}", f"--dbname={address}"],
        env={**os.environ, **secret},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise click.ClickException(f"pg_dump failed: {done.stderr.strip()}")


def _copy_files(target: Path) -> int:
    """All that people sent; one that goes meanwhile was deleted for good."""
    target.mkdir()
    count = 0
    for path in files.root().rglob("*"):
        if path.is_file():
            copy = target / path.relative_to(files.root())
            copy.parent.mkdir(exist_ok=True)
            try:
                shutil.copy2(path, copy)
            except FileNotFoundError:
                continue
            count += 1
    return count
